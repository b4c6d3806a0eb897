/** The objects that run the tokenizer: one class for each, with the object that the operator wants. */
@NullMarked
package dev.lunasec.operator.dependent.tokenizer;

import org.jspecify.annotations.NullMarked;
