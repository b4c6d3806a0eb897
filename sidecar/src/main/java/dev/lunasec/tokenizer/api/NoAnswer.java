package dev.lunasec.tokenizer.api;

/** The data of an answer that holds none: that of {@code /grant/set}, {@code /grant/revoke} and {@code /session/*}. */
record NoAnswer() {}
