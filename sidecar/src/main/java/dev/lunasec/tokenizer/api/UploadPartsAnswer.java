package dev.lunasec.tokenizer.api;

import java.util.List;

/**
 * The data of an answer to {@code /upload/parts}.
 *
 * @param parts in the order of their numbers
 */
record UploadPartsAnswer(List<SignedPart> parts) {}
