/** The objects of a vault in the cluster: one class for each, with a {@code desired} that reads like the manifest. */
@NullMarked
package dev.lunasec.operator.dependent;

import org.jspecify.annotations.NullMarked;
