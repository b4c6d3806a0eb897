package dev.lunasec.tokenizer.api;

import java.util.Map;

/**
 * Where to send one part.
 *
 * @param part the number of the part
 * @param headers to send with it
 */
record SignedPart(int part, String uploadUrl, Map<String, String> headers) {}
