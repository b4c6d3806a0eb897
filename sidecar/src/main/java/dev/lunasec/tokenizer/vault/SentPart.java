package dev.lunasec.tokenizer.vault;

/**
 * A part of a value that the caller has sent to the store.
 *
 * @param number from 1 to 10,000
 * @param etag as the store answered it, with or without quotes
 */
public record SentPart(int number, String etag) {}
