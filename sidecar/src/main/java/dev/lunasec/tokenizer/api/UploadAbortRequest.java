package dev.lunasec.tokenizer.api;

/** The body of {@code /upload/abort}. */
record UploadAbortRequest(String tokenId, String uploadId) {
    UploadAbortRequest {
        RequestJson.require("tokenId", tokenId);
        RequestJson.require("uploadId", uploadId);
    }
}
