package dev.lunasec.tokenizer.api;

/**
 * The body of {@code /detokenize}, {@code /metadata/get}, {@code /metadata/set}, {@code /token/erase} and {@code
 * /token/rekey}.
 */
record TokenRequest(String tokenId) {
    TokenRequest {
        RequestJson.require("tokenId", tokenId);
    }
}
