/**
 * Access to the object store, for the operator and for the tokenizer: the connection, signed URLs, the canary that
 * tests what a store enforces, and the copy of an object to a new SSE-C key.
 */
@NullMarked
package dev.lunasec.s3;

import org.jspecify.annotations.NullMarked;
