/**
 * The operator: it makes the cluster and the bucket match each {@link dev.lunasec.api.v1alpha1.Tokenizer}. Start to
 * read at {@link dev.lunasec.operator.controller.TokenizerReconciler}. {@code ArchitectureTest} lists the packages in
 * the order in which they may use each other.
 */
@NullMarked
package dev.lunasec.operator;

import org.jspecify.annotations.NullMarked;
