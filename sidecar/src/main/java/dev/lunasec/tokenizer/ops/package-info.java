/** Liveness, readiness from a self check, and metrics, for the people who run a tokenizer. */
@NullMarked
package dev.lunasec.tokenizer.ops;

import org.jspecify.annotations.NullMarked;
