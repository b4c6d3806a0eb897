/**
 * The API of the operator: one kind, {@link dev.lunasec.api.v1alpha1.Tokenizer}, as records. Descriptions, bounds, defaults and rules
 * stand here and nowhere else; the CRD is generated from them, and the API server enforces them before the operator sees a resource.
 */
@NullMarked
package dev.lunasec.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
