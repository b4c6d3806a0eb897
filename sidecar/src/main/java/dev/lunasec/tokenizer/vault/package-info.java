/** What a vault is for, in the words of those who use it: tokenize, detokenize, metadata and grants. */
@NullMarked
package dev.lunasec.tokenizer.vault;

import org.jspecify.annotations.NullMarked;
