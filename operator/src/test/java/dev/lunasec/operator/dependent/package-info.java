/** What is wanted, without a cluster. */
@NullMarked
package dev.lunasec.operator.dependent;

import org.jspecify.annotations.NullMarked;
