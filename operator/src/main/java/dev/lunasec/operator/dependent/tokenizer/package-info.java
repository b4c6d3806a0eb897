/** The objects that run the tokenizer, one class each. */
@NullMarked
package dev.lunasec.operator.dependent.tokenizer;

import org.jspecify.annotations.NullMarked;
