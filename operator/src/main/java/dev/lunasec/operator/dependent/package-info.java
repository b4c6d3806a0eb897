/**
 * The objects of a vault in the cluster, one class each, with a method {@code desired} that reads like the manifest.
 */
@NullMarked
package dev.lunasec.operator.dependent;

import org.jspecify.annotations.NullMarked;
