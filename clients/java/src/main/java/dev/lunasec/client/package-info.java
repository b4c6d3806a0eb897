/**
 * A client of the tokenizer for application pods. It uses the HTTP client of the JDK, and also transfers the values to
 * and from the object store.
 */
@NullMarked
package dev.lunasec.client;

import org.jspecify.annotations.NullMarked;
