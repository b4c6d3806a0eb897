package dev.lunasec.client;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lunasec.client.InvalidReceipt.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The proof of an erasure; applications keep its text. Anyone with the vault's public keys can verify it at any time,
 * also after the vault is deleted. It is a compact JWS (RFC 7515) that is signed with Ed25519 (RFC 8037).
 *
 * @param jws the text of the receipt
 */
public record ErasureReceipt(String jws) {
    /**
     * What a receipt proves.
     *
     * @param vault the id of the vault, 32 hex digits, as its receipt keys have it
     * @param record the id of the erased record, as the audit log has it
     * @param object the name of the data object that was erased with it
     * @param erased the time of the erasure, in whole seconds
     * @param shares the numbers of the shares that were live; a copy of the record in a backup can be opened until all
     *     of them are destroyed. The receipt speaks of the bucket alone
     */
    public record Erasure(String vault, String record, String object, Instant erased, List<Integer> shares) {}

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final String TYP = "tokenizer-receipt+jwt";
    private static final String NAME = "[0-9a-f]{32}";
    private static final String TOKEN_LABEL = "lunasec.dev/receipt-token/v1";
    private static final Pattern TOKEN = Pattern.compile("lunasec-[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /**
     * Verifies the signature.
     *
     * @param jwks the vault's keys from {@link TokenizerClient#receiptKeys}, kept with the receipt. They must come from
     *     a trusted source: a receipt that a false key signed is valid under the false key
     * @return what the receipt proves; the caller must check that the vault is the expected one
     * @throws InvalidReceipt when the receipt proves nothing
     */
    public Erasure verify(String jwks) {
        return erasure(claims(jwks));
    }

    /**
     * Verifies the signature, and that the receipt is for a token.
     *
     * @param jwks as for {@link #verify(String)}
     * @return as {@link #verify(String)}
     * @throws InvalidReceipt as {@link #verify(String)}; also with {@link Reason#OTHER_TOKEN}
     */
    public Erasure verify(String jwks, String token) {
        JsonNode claims = claims(jwks);
        if (!digest(token).equals(claims.path("token").asText())) {
            throw new InvalidReceipt(Reason.OTHER_TOKEN, "The receipt is for another token.");
        }
        return erasure(claims);
    }

    private JsonNode claims(String jwks) {
        List<String> parts = List.of(jws.split("\\.", -1));
        if (parts.size() != 3) throw malformed("it is not three parts with dots between them");
        JsonNode header = json(parts.get(0));
        if (!header.path("typ").asText().equals(TYP)) throw malformed("its typ is not " + TYP);
        if (!header.path("alg").asText().equals("EdDSA")) throw malformed("its alg is not EdDSA");
        ReceiptKeys.Key key = ReceiptKeys.find(jwks, header.path("kid").asText());
        byte[] signed = (parts.get(0) + "." + parts.get(1)).getBytes(StandardCharsets.US_ASCII);
        if (!signed(key.publicKey(), signed, bytes(parts.get(2)))) {
            throw new InvalidReceipt(Reason.WRONG_SIGNATURE, "The key that the receipt names did not sign it.");
        }
        JsonNode claims = json(parts.get(1));
        key.requireValidAt(claims.path("erased").asLong());
        return claims;
    }

    private static Erasure erasure(JsonNode claims) {
        String vault = claims.path("iss").asText();
        String record = claims.path("record").asText();
        String object = claims.path("object").asText();
        List<Integer> shares = new ArrayList<>();
        claims.path("shares").forEach(share -> shares.add(share.asInt()));
        boolean whole = vault.matches(NAME)
                && claims.path("erased").canConvertToLong()
                && record.matches(NAME)
                && object.matches(NAME)
                && !shares.isEmpty();
        if (!whole) throw malformed("it does not name the record and when it was erased");
        Instant erased = Instant.ofEpochSecond(claims.path("erased").longValue());
        return new Erasure(vault, record, object, erased, List.copyOf(shares));
    }

    /** SHA-256 of a label and the 16 bytes of the token; empty for a text that is no token. */
    private static String digest(String token) {
        if (!TOKEN.matcher(token).matches()) return "";
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(TOKEN_LABEL.getBytes(StandardCharsets.US_ASCII));
            sha256.update(
                    HexFormat.of().parseHex(token.substring("lunasec-".length()).replace("-", "")));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
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
            throw ReceiptKeys.malformed("the key that the receipt names is not an Ed25519 key");
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
}
