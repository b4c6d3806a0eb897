/**
 * Tokens, keys and records: what opens what. Pure functions over bytes, without I/O and without a framework; the format
 * is described in {@code docs/records.md}.
 */
@NullMarked
package dev.lunasec.tokenizer.token;

import org.jspecify.annotations.NullMarked;
