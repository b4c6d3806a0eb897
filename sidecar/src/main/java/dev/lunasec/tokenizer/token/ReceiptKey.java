package dev.lunasec.tokenizer.token;

import static dev.lunasec.tokenizer.token.Crypto.utf8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/**
 * Signs receipts for the life of a vault: with Ed25519 (RFC 8032), as a compact JWS (RFC 7515, RFC 8037). The same receipt is always signed
 * with the same bytes. Anyone can verify them with the public key, a JWK.
 */
public final class ReceiptKey {
    /** The media type of a receipt (RFC 7515, section 9.2.1). */
    public static final String TYPE = "application/jose";

    private static final String TYP = "tokenizer-receipt+jwt";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Ed25519PrivateKeyParameters key;
    private final Ed25519PublicKeyParameters publicKey;
    private final String x;
    private final String id;

    /**
     * The key of a seed.
     *
     * @param seed the private key of RFC 8032, 32 bytes
     */
    ReceiptKey(byte[] seed) {
        key = new Ed25519PrivateKeyParameters(seed);
        publicKey = key.generatePublicKey();
        x = BASE64.encodeToString(publicKey.getEncoded());
        id = BASE64.encodeToString(sha256("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + x + "\"}"));
    }

    /** The name of the key: its thumbprint (RFC 7638). */
    public String id() {
        return id;
    }

    /** The public key, for all: a JWK Set (RFC 7517). */
    public String jwks() {
        ObjectNode set = JSON.createObjectNode();
        set.putArray("keys")
                .addObject()
                .put("kty", "OKP")
                .put("crv", "Ed25519")
                .put("x", x)
                .put("kid", id)
                .put("use", "sig")
                .put("alg", "EdDSA");
        return set.toString();
    }

    /** Signs a receipt: a compact JWS. */
    public String sign(Receipt receipt) {
        ObjectNode header =
                JSON.createObjectNode().put("typ", TYP).put("alg", "EdDSA").put("kid", id);
        ObjectNode claims = JSON.createObjectNode()
                .put("iss", receipt.vault())
                .put("record", receipt.record().hex())
                .put("object", receipt.object().hex())
                .put("erased", receipt.erased().getEpochSecond());
        String signed = part(header) + "." + part(claims);
        return signed + "." + BASE64.encodeToString(signature(utf8(signed)));
    }

    /** Reads a receipt that {@link #sign} wrote; empty for a text that this key did not sign. */
    public Optional<Receipt> read(byte[] text) {
        String jws = new String(text, StandardCharsets.UTF_8);
        int claims = jws.indexOf('.') + 1;
        int signature = jws.lastIndexOf('.') + 1;
        if (claims == 0 || claims == signature) return Optional.empty();
        try {
            byte[] signed = utf8(jws.substring(0, signature - 1));
            if (!signed(signed, decode(jws.substring(signature)))) return Optional.empty();
            return Optional.of(receipt(JSON.readTree(decode(jws.substring(claims, signature - 1)))));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Receipt receipt(JsonNode claims) {
        return new Receipt(
                claims.path("iss").asText(),
                new RecordId(claims.path("record").asText()),
                new ObjectName(claims.path("object").asText()),
                Instant.ofEpochSecond(claims.path("erased").asLong()));
    }

    byte[] signature(byte[] message) {
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(true, key);
        signer.update(message, 0, message.length);
        return signer.generateSignature();
    }

    boolean signed(byte[] message, byte[] signature) {
        Ed25519Signer verifier = new Ed25519Signer();
        verifier.init(false, publicKey);
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(signature);
    }

    /** The public key, 32 bytes in base64 as a JWK has it. */
    String x() {
        return x;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "ReceiptKey[" + id + "]";
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(utf8(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static byte[] decode(String base64) {
        return Base64.getUrlDecoder().decode(base64);
    }

    private static String part(ObjectNode json) {
        return BASE64.encodeToString(utf8(json.toString()));
    }
}
