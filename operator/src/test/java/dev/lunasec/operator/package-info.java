/**
 * The operator against the real API server, with a store in this process; and the architecture that keeps decisions
 * pure.
 */
@NullMarked
package dev.lunasec.operator;

import org.jspecify.annotations.NullMarked;
