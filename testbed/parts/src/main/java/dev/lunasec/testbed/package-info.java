/**
 * Real servers and other parts for tests: a Redis, an issuer of JWTs, a certificate authority, a TCP relay. Each exists
 * once.
 */
@NullMarked
package dev.lunasec.testbed;

import org.jspecify.annotations.NullMarked;
