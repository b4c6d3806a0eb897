/**
 * Decides the steps of a key rotation. Each step is a pure function of what the operator observed in the cluster and
 * the bucket. Nothing is remembered from one step to the next, so the operator may be killed between any two of them.
 */
@NullMarked
package dev.lunasec.operator.rotation;

import org.jspecify.annotations.NullMarked;
