/** Decides the conditions of the status: each one is a pure function of what the operator observed. */
@NullMarked
package dev.lunasec.operator.status;

import org.jspecify.annotations.NullMarked;
