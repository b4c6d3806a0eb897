package dev.lunasec.tokenizer.api;

import dev.lunasec.s3.MultipartUploads;

/**
 * The body of {@code /upload/parts}.
 *
 * @param first the number of the first part, from 1 on
 * @param count how many parts, 1 to 100; the last one has at most the number 10,000
 */
record UploadPartsRequest(String tokenId, String uploadId, Long first, Long count) {
    private static final int MOST = 100;

    UploadPartsRequest {
        RequestJson.require("tokenId", tokenId);
        RequestJson.require("uploadId", uploadId);
        RequestJson.requireNumber("first", first, 1, MultipartUploads.MOST_PARTS);
        RequestJson.requireNumber("count", count, 1, MOST);
        if (first + count - 1 > MultipartUploads.MOST_PARTS) {
            throw RequestJson.bad("An upload has at most 10,000 parts; ask for fewer, and send larger ones.");
        }
    }
}
