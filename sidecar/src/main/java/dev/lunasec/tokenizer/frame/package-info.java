/** The page of the secure frame: its request, its headers and its HTML. */
@NullMarked
package dev.lunasec.tokenizer.frame;

import org.jspecify.annotations.NullMarked;
