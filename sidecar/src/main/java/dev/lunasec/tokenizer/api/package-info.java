/** The routes: from HTTP to the vault and back, every answer in one envelope. */
@NullMarked
package dev.lunasec.tokenizer.api;

import org.jspecify.annotations.NullMarked;
