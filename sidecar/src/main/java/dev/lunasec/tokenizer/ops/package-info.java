/** What those who run a tokenizer look at: liveness, readiness from a self check, metrics. */
@NullMarked
package dev.lunasec.tokenizer.ops;

import org.jspecify.annotations.NullMarked;
