package dev.lunasec.tokenizer.api;

/** The data of an answer that holds none: that of {@code /grant/set} and {@code /grant/revoke}. */
record NoAnswer() {}
