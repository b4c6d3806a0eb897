package dev.lunasec.client;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lunasec.client.InvalidReceipt.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * The proof of an erasure; applications keep its text. Anyone with the vault's public keys can verify it at any time, also after the vault
 * is deleted. It is a compact JWS (RFC 7515) that is signed with Ed25519 (RFC 8037).
 *
 * @param jws the text of the receipt
 */
public record ErasureReceipt(String jws) {
    /**
     * What a receipt proves.
     *
     * @param vault namespace and name of the vault, with a slash between them
     * @param record the id of the erased record, as the audit log has it
     * @param object the name of the data object that was erased with it
     * @param erased the time of the erasure, in whole seconds
     */
    public record Erasure(String vault, String record, String object, Instant erased) {}

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final String TYP = "tokenizer-receipt+jwt";
    private static final int KEY = 32;
    private static final String NAME = "[0-9a-f]{32}";

    /** The bytes before an Ed25519 public key in the encoding that Java reads (RFC 8410, section 4). */
    private static final byte[] ENVELOPE = HexFormat.of().parseHex("302a300506032b6570032100");

    /**
     * Verifies the signature.
     *
     * @param jwks the vault's keys from {@link TokenizerClient#receiptKeys}, kept with the receipt. They must come from a trusted source:
     *     a receipt that a false key signed is valid under the false key
     * @return what the receipt proves; the caller must check that the vault is the expected one
     * @throws InvalidReceipt when the receipt proves nothing
     */
    public Erasure verify(String jwks) {
        List<String> parts = List.of(jws.split("\\.", -1));
        if (parts.size() != 3) throw malformed("it is not three parts with dots between them");
        JsonNode header = json(parts.get(0));
        if (!header.path("typ").asText().equals(TYP)) throw malformed("its typ is not " + TYP);
        if (!header.path("alg").asText().equals("EdDSA")) throw malformed("its alg is not EdDSA");
        PublicKey key = key(jwks, header.path("kid").asText());
        byte[] signed = (parts.get(0) + "." + parts.get(1)).getBytes(StandardCharsets.US_ASCII);
        if (!signed(key, signed, bytes(parts.get(2)))) {
            throw new InvalidReceipt(Reason.WRONG_SIGNATURE, "The key that the receipt names did not sign it.");
        }
        return erasure(json(parts.get(1)));
    }

    private static Erasure erasure(JsonNode claims) {
        String record = claims.path("record").asText();
        String object = claims.path("object").asText();
        boolean whole = claims.path("iss").isTextual()
                && claims.path("erased").canConvertToLong()
                && record.matches(NAME)
                && object.matches(NAME);
        if (!whole) throw malformed("it does not name the record and when it was erased");
        Instant erased = Instant.ofEpochSecond(claims.path("erased").longValue());
        return new Erasure(claims.path("iss").textValue(), record, object, erased);
    }

    private static PublicKey key(String jwks, String id) {
        for (JsonNode key : keys(jwks)) {
            boolean named = key.path("kid").asText().equals(id) && !id.isEmpty();
            boolean fits = key.path("kty").asText().equals("OKP")
                    && key.path("crv").asText().equals("Ed25519");
            if (named && fits) return key(key.path("x").asText());
        }
        throw new InvalidReceipt(Reason.UNKNOWN_KEY, "None of these keys is the one that the receipt names.");
    }

    private static JsonNode keys(String jwks) {
        try {
            JsonNode keys = JSON.readTree(jwks).path("keys");
            if (keys.isArray()) return keys;
        } catch (IOException e) {
            // The error is thrown below.
        }
        throw malformedKeys("this is not a JWK Set");
    }

    private static PublicKey key(String x) {
        try {
            byte[] key = Base64.getUrlDecoder().decode(x);
            if (key.length != KEY) throw malformedKeys("the key that the receipt names is not 32 bytes long");
            byte[] encoded = new byte[ENVELOPE.length + KEY];
            System.arraycopy(ENVELOPE, 0, encoded, 0, ENVELOPE.length);
            System.arraycopy(key, 0, encoded, ENVELOPE.length, KEY);
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw malformedKeys("the key that the receipt names is not an Ed25519 key");
        }
    }

    private static boolean signed(PublicKey key, byte[] message, byte[] signature) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(key);
            ed25519.update(message);
            return ed25519.verify(signature);
        } catch (SignatureException e) {
            // The bytes do not have the form of a signature.
            return false;
        } catch (GeneralSecurityException e) {
            throw malformedKeys("the key that the receipt names is not an Ed25519 key");
        }
    }

    private static JsonNode json(String part) {
        try {
            JsonNode json = JSON.readTree(bytes(part));
            if (json.isObject()) return json;
        } catch (IOException e) {
            // The error is thrown below.
        }
        throw malformed("a part of it is not a JSON object");
    }

    /** Accepts only the one base64url text of the bytes, so that no character of a receipt can be changed. */
    private static byte[] bytes(String part) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) return bytes;
        } catch (IllegalArgumentException e) {
            // The error is thrown below.
        }
        throw malformed("a part of it is not base64url");
    }

    private static InvalidReceipt malformed(String seen) {
        return new InvalidReceipt(Reason.MALFORMED, "This is not a receipt of a tokenizer: " + seen + ".");
    }

    private static InvalidReceipt malformedKeys(String seen) {
        return new InvalidReceipt(Reason.MALFORMED_KEYS, "The keys cannot be read: " + seen + ".");
    }
}
