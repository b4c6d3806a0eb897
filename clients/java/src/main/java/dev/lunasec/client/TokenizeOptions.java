package dev.lunasec.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * What a value is stored with.
 *
 * @param metadata stored with the value and encrypted as well; {@link TokenizerClient#metadata} returns it; at most 16
 *     KiB as JSON
 * @param expiresAt when the token expires, at most 100 years ahead; the tokenizer drops fractions of a second. From
 *     then on the token is unknown, and the vault deletes the value within two days. Empty for never
 */
public record TokenizeOptions(ObjectNode metadata, Optional<Instant> expiresAt) {
    /** No metadata, and a token that does not expire. */
    public static final TokenizeOptions DEFAULT =
            new TokenizeOptions(TokenizerApi.JSON.createObjectNode(), Optional.empty());

    /** The body of the request that stores such a value. */
    ObjectNode request(Value value) {
        ObjectNode request = TokenizerApi.JSON.createObjectNode().put("size", value.size());
        if (!metadata.isEmpty()) request.set("metadata", metadata);
        expiresAt.ifPresent(time -> request.put("expiresAt", time.toString()));
        return request;
    }

    /** The same options with other metadata. */
    public TokenizeOptions with(ObjectNode newMetadata) {
        return new TokenizeOptions(newMetadata, expiresAt);
    }

    /** The same options for a token that expires. */
    public TokenizeOptions expiringAt(Instant newExpiresAt) {
        return new TokenizeOptions(metadata, Optional.of(newExpiresAt));
    }
}
