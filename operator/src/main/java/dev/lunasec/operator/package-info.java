/**
 * The operator: it brings what stands in the cluster to what a {@link dev.lunasec.api.v1alpha1.Tokenizer} says.
 * {@link dev.lunasec.operator.TokenizerReconciler} is the table of contents. What is wanted stands in {@code dependent}; what follows from
 * what was seen is decided in {@code status} and {@code keyring}, which know neither Kubernetes nor a store.
 */
@NullMarked
package dev.lunasec.operator;

import org.jspecify.annotations.NullMarked;
