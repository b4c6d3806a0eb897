/** The failure of a call, with its error code and without any type of HTTP. */
@NullMarked
package dev.lunasec.tokenizer.failure;

import org.jspecify.annotations.NullMarked;
