/**
 * How keys rotate: what is seen, and the one step that follows from it. Pure functions of what stands in the cluster and the bucket;
 * nothing is remembered, so whoever takes the steps may die between any two of them.
 */
@NullMarked
package dev.lunasec.operator.rotation;

import org.jspecify.annotations.NullMarked;
