/** What callers ask of a vault: tokenize, detokenize, metadata, grants, erase and rekey. */
@NullMarked
package dev.lunasec.tokenizer.vault;

import org.jspecify.annotations.NullMarked;
