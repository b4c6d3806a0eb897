/** What the conditions say, without a cluster. */
@NullMarked
package dev.lunasec.operator.status;

import org.jspecify.annotations.NullMarked;
