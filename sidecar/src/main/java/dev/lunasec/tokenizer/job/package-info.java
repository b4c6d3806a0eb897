/** Maintenance of a vault's records, which needs no token and serves no callers: rewrap, sweep and bind. */
@NullMarked
package dev.lunasec.tokenizer.job;

import org.jspecify.annotations.NullMarked;
