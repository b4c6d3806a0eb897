package dev.lunasec.tokenizer.token;

import java.util.OptionalLong;

/**
 * The secret content of a record.
 *
 * @param dek the SSE-C key of the data object, 32 bytes
 * @param metadata of the caller: a JSON object in UTF-8, empty when there is none
 * @param size of the data object in bytes, if the caller named it
 * @param creator the pseudonym of the session that made the token
 */
public record Payload(byte[] dek, byte[] metadata, OptionalLong size, String creator) {

    /** A payload with a new key. */
    public static Payload withNewKey(byte[] metadata, OptionalLong size, String creator) {
        return new Payload(Crypto.random(Crypto.KEY), metadata, size, creator);
    }

    /** The same content with a new key. */
    public Payload rekeyed() {
        return withNewKey(metadata, size, creator);
    }

    /** Without its content. */
    @Override
    public String toString() {
        return "Payload[hidden]";
    }
}
