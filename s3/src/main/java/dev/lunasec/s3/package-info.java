/**
 * How the operator and the tokenizer reach the object store: one way to connect, to sign and to find out what a store really
 * enforces.
 */
@NullMarked
package dev.lunasec.s3;

import org.jspecify.annotations.NullMarked;
