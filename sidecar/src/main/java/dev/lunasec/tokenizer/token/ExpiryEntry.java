package dev.lunasec.tokenizer.token;

import static dev.lunasec.tokenizer.token.Crypto.utf8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of an expiry entry: when a token expires, and the name of its object, sealed under a key of the lookup
 * key. A rotation does not touch it, because the lookup key never changes. Only a holder of the lookup key can write
 * one, or read which object belongs to the record.
 */
public final class ExpiryEntry {
    /** The media type. */
    public static final String TYPE = "application/json";

    private static final int VERSION = 1;
    private static final byte[] LABEL = utf8("lunasec.dev/expiry/v1");
    private static final byte[] KEY_LABEL = utf8("lunasec.dev/expiry-key/v1");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private record Text(int version, long expires, @Nullable String object) {}

    private ExpiryEntry() {}

    /** The entry of a token: JSON without white space. Each key seals once, because a token has one entry. */
    public static byte[] write(Expiry expiry, Keyring keyring) {
        byte[] sealed = Crypto.seal(
                key(expiry.record(), keyring),
                header(expiry.record(), expiry.expires()),
                utf8(expiry.object().hex()));
        Text text = new Text(
                VERSION, expiry.expires().getEpochSecond(), Base64.getEncoder().encodeToString(sealed));
        try {
            return JSON.writeValueAsBytes(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of texts and numbers can always be written", e);
        }
    }

    /**
     * Reads the entry of a record.
     *
     * @return empty if this vault did not write it for this record
     */
    public static Optional<Expiry> read(byte[] content, RecordId id, Keyring keyring) {
        try {
            Text text = JSON.readValue(content, Text.class);
            if (text == null || text.object == null || text.version != VERSION) return Optional.empty();
            Instant expires = Instant.ofEpochSecond(text.expires);
            byte[] sealed = Base64.getDecoder().decode(text.object);
            byte[] name = Crypto.open(key(id, keyring), header(id, expires), sealed);
            return Optional.of(new Expiry(id, new ObjectName(new String(name, StandardCharsets.US_ASCII)), expires));
        } catch (IOException | IllegalArgumentException | DateTimeException | UnreadableRecord e) {
            return Optional.empty();
        }
    }

    private static byte[] key(RecordId id, Keyring keyring) {
        return keyring.mac(KEY_LABEL, utf8(id.hex()));
    }

    private static byte[] header(RecordId id, Instant expires) {
        return Crypto.canonical(
                LABEL,
                ByteBuffer.allocate(Integer.BYTES).putInt(VERSION).array(),
                utf8(id.hex()),
                ByteBuffer.allocate(Long.BYTES)
                        .putLong(expires.getEpochSecond())
                        .array());
    }
}
