package dev.lunasec.tokenizer.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code /tokenize}.
 *
 * @param metadata the caller's own, returned as it was sent; null for none
 * @param size of the value in bytes; null for any size
 */
record TokenizeRequest(
        @Nullable ObjectNode metadata, @Nullable Long size) {
    TokenizeRequest {
        RequestJson.requireWholeCharacters("metadata", metadata);
        RequestJson.requireRange("size", size, 0, Long.MAX_VALUE);
    }
}
