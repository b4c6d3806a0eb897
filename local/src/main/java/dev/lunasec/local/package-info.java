/**
 * The whole system on one machine, without containers and without root: for a first try and for the tests. Not for
 * production.
 */
@NullMarked
package dev.lunasec.local;

import org.jspecify.annotations.NullMarked;
