package dev.lunasec.tokenizer.api;

/** The data of an answer to {@code /grant/verify}. */
record GrantVerifyAnswer(boolean valid) {}
