package dev.lunasec.tokenizer.api;

import java.util.Map;

/**
 * The data of an answer to {@code /detokenize}.
 *
 * @param headers to send with the download
 */
record DetokenizeAnswer(String downloadUrl, Map<String, String> headers) {}
