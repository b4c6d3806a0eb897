package dev.lunasec.tokenizer.api;

import org.jspecify.annotations.Nullable;

/**
 * The data of an answer to {@code /upload/start}.
 *
 * @param uploadId for the calls that continue the upload
 * @param partSize of each part but the last one, in bytes; null if the caller chooses, because it named no size
 */
record UploadStartAnswer(
        String tokenId, String uploadId, @Nullable Long partSize) {}
