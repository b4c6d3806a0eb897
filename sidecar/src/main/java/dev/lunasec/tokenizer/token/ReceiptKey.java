package dev.lunasec.tokenizer.token;

import static dev.lunasec.tokenizer.token.Crypto.utf8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.runtime.Sha256;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/**
 * Signs the receipts of a vault while one share is primary: with Ed25519 (RFC 8032), as a compact JWS (RFC 7515, RFC
 * 8037). The same claims always give the same bytes. Anyone can verify them with the public key, which
 * {@link ReceiptKeySet} publishes.
 */
public final class ReceiptKey {
    private static final String TYP = "tokenizer-receipt+jwt";
    private static final byte[] TOKEN_LABEL = utf8("lunasec.dev/receipt-token/v1");
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
        id = thumbprint(x);
    }

    /** The name of the key: its thumbprint (RFC 7638). */
    public String id() {
        return id;
    }

    /** The thumbprint of a public key. */
    static String thumbprint(String x) {
        return BASE64.encodeToString(Sha256.of(utf8("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + x + "\"}")));
    }

    /**
     * Signs a receipt: a compact JWS.
     *
     * @param token of the record; a third party can compare it with the receipt, and nobody can compute it from the
     *     receipt
     */
    public String sign(ErasureClaims erasure, Token token) {
        ObjectNode header =
                JSON.createObjectNode().put("typ", TYP).put("alg", "EdDSA").put("kid", id);
        ObjectNode claims = JSON.createObjectNode()
                .put("iss", erasure.vault().text())
                .put("record", erasure.record().hex())
                .put("object", erasure.object().hex())
                .put("erased", erasure.erased().getEpochSecond());
        ArrayNode shares = claims.putArray("shares");
        erasure.shares().forEach(shares::add);
        claims.put("token", BASE64.encodeToString(Sha256.of(TOKEN_LABEL, token.bytes())));
        String signed = part(header) + "." + part(claims);
        return signed + "." + BASE64.encodeToString(signature(utf8(signed)));
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

    private static String part(ObjectNode json) {
        return BASE64.encodeToString(utf8(json.toString()));
    }
}
