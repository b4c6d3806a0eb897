/** What follows from what was seen, as values: every condition of the status is one pure function here. */
@NullMarked
package dev.lunasec.operator.status;

import org.jspecify.annotations.NullMarked;
