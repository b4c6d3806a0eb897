/** The maintenance of a vault's records, which needs no token and serves nobody: rewrap and sweep. */
@NullMarked
package dev.lunasec.tokenizer.job;

import org.jspecify.annotations.NullMarked;
