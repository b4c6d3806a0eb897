/** The HTTP server without its routes: listener, TLS certificate, the form of answers and errors. */
@NullMarked
package dev.lunasec.tokenizer.http;

import org.jspecify.annotations.NullMarked;
