/** The names of all that can go wrong for a caller, without a word about HTTP. */
@NullMarked
package dev.lunasec.tokenizer.failure;

import org.jspecify.annotations.NullMarked;
