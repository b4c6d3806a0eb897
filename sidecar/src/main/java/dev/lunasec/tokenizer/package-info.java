/** The tokenizer: checks grants and hands out signed URLs; it never sees a value. */
@NullMarked
package dev.lunasec.tokenizer;

import org.jspecify.annotations.NullMarked;
