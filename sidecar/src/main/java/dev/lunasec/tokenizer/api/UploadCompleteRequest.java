package dev.lunasec.tokenizer.api;

import dev.lunasec.s3.MultipartUploads;
import java.util.List;

/**
 * The body of {@code /upload/complete}.
 *
 * @param parts of the whole value, 1 to 10,000
 */
record UploadCompleteRequest(String tokenId, String uploadId, List<SentPart> parts) {
    /**
     * A part that the caller has sent.
     *
     * @param part the number of the part, from 1 on
     * @param etag as the store answered it
     */
    record SentPart(Long part, String etag) {
        SentPart {
            RequestJson.requireNumber("part", part, 1, MultipartUploads.MOST_PARTS);
            RequestJson.require("etag", etag);
        }
    }

    UploadCompleteRequest {
        RequestJson.require("tokenId", tokenId);
        RequestJson.require("uploadId", uploadId);
        if (parts == null || parts.isEmpty() || parts.size() > MultipartUploads.MOST_PARTS || parts.contains(null)) {
            throw RequestJson.bad("The field parts must hold 1 to 10,000 objects with part and etag.");
        }
    }
}
