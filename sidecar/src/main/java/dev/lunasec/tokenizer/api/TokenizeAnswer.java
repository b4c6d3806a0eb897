package dev.lunasec.tokenizer.api;

import java.util.Map;

/**
 * The data of an answer to {@code /tokenize}.
 *
 * @param headers to send with the upload
 */
record TokenizeAnswer(String tokenId, String uploadUrl, Map<String, String> headers) {}
