package dev.lunasec.tokenizer.api;

/**
 * The data of an answer to {@code /token/rekey}.
 *
 * @param tokenId the new token
 */
record RekeyAnswer(String tokenId) {}
