package dev.lunasec.client;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lunasec.client.InvalidReceipt.Reason;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The public keys of receipts: a JWK Set (RFC 7517) with Ed25519 keys (RFC 8037), each with the time of its end. */
final class ReceiptKeys {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int LENGTH = 32;

    /** The bytes before an Ed25519 public key in the encoding that Java reads (RFC 8410, section 4). */
    private static final byte[] ENVELOPE = HexFormat.of().parseHex("302a300506032b6570032100");

    private ReceiptKeys() {}

    /**
     * One key.
     *
     * @param until when the key was taken out of use; null while it signs
     * @param compromised whether others may have it
     */
    record Key(PublicKey publicKey, @Nullable Instant until, boolean compromised) {

        /**
         * A thief of the key could sign with it after it was replaced.
         *
         * @param erased in seconds since 1970
         */
        void requireValidAt(long erased) {
            if (compromised) {
                throw new InvalidReceipt(
                        Reason.KEY_NOT_VALID, "The key of the receipt may be known to others; erase the token again.");
            }
            if (until != null && erased > until.getEpochSecond()) {
                throw new InvalidReceipt(
                        Reason.KEY_NOT_VALID, "The receipt names a time after the key was taken out of use.");
            }
        }
    }

    /** @throws InvalidReceipt when the set is malformed or does not have the key */
    static Key find(String jwks, String id) {
        for (JsonNode key : keys(jwks)) {
            boolean named = key.path("kid").asText().equals(id) && !id.isEmpty();
            boolean fits = key.path("kty").asText().equals("OKP")
                    && key.path("crv").asText().equals("Ed25519");
            if (named && fits) {
                return new Key(
                        publicKey(key.path("x").asText()),
                        until(key),
                        key.path("compromised").asBoolean());
            }
        }
        throw new InvalidReceipt(Reason.UNKNOWN_KEY, "None of these keys is the one that the receipt names.");
    }

    private static @Nullable Instant until(JsonNode key) {
        if (!key.has("until")) return null;
        try {
            return Instant.parse(key.path("until").asText());
        } catch (DateTimeException e) {
            throw malformed("the until of the key that the receipt names is not a time");
        }
    }

    private static JsonNode keys(String jwks) {
        try {
            JsonNode keys = JSON.readTree(jwks).path("keys");
            if (keys.isArray()) return keys;
        } catch (IOException e) {
            // The error is thrown below.
        }
        throw malformed("this is not a JWK Set");
    }

    private static PublicKey publicKey(String x) {
        try {
            byte[] key = Base64.getUrlDecoder().decode(x);
            if (key.length != LENGTH) throw malformed("the key that the receipt names is not 32 bytes long");
            byte[] encoded = new byte[ENVELOPE.length + LENGTH];
            System.arraycopy(ENVELOPE, 0, encoded, 0, ENVELOPE.length);
            System.arraycopy(key, 0, encoded, ENVELOPE.length, LENGTH);
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw malformed("the key that the receipt names is not an Ed25519 key");
        }
    }

    static InvalidReceipt malformed(String seen) {
        return new InvalidReceipt(Reason.MALFORMED_KEYS, "The keys cannot be read: " + seen + ".");
    }
}
