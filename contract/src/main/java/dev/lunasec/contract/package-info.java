/**
 * What the operator writes and the tokenizer reads. Everything is parsed once, at the start; a wrong value ends the start with its
 * name and with what is allowed.
 */
@NullMarked
package dev.lunasec.contract;

import org.jspecify.annotations.NullMarked;
