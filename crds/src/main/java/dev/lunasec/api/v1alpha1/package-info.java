/**
 * The API of the operator: the kind {@link dev.lunasec.api.v1alpha1.Tokenizer} as records, one file for each section of
 * the spec. The records hold all descriptions, bounds, defaults and rules. The CRD is generated from them, and the API
 * server enforces them before the operator gets a resource. Each description names the default and the bounds, because
 * {@code kubectl explain} prints neither.
 */
@NullMarked
package dev.lunasec.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
