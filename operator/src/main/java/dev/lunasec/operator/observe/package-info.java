/**
 * Reads what a pass decides from: the Secrets and ConfigMaps that a resource names, the pods, the Jobs and the bucket.
 */
@NullMarked
package dev.lunasec.operator.observe;

import org.jspecify.annotations.NullMarked;
