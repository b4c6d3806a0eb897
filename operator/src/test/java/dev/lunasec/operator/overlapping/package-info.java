/** Two operators that work on the same vaults at the same time, with a real API server and a real store. */
@NullMarked
package dev.lunasec.operator.overlapping;

import org.jspecify.annotations.NullMarked;
