package dev.lunasec.tokenizer.api;

/**
 * The data of an answer to {@code /token/erase}.
 *
 * @param receipt a compact JWS
 */
record EraseAnswer(String receipt) {}
