package dev.lunasec.tokenizer.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Signs and checks what only this vault has to check: compact JWS (RFC 7515) with HS256. Each type has one header,
 * which is compared as it is. So no header chooses an algorithm, and no text of one type passes for another.
 */
final class VaultSignature {
    /** One for 100 records with an issuer of 512 characters is shorter. */
    private static final int LONGEST = 10 << 10;

    /**
     * A type of texts.
     *
     * @param prefix the beginning of each of them
     */
    record Type(JWSHeader header, String prefix) {
        static Type of(String typ) {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .type(new JOSEObjectType(typ))
                    .build();
            return new Type(header, header.toBase64URL() + ".");
        }
    }

    private final MACSigner signer;
    private final List<MACVerifier> verifiers = new ArrayList<>();

    /** @param keys of 32 bytes; the first one signs, and all of them check */
    VaultSignature(List<byte[]> keys) {
        try {
            signer = new MACSigner(keys.get(0));
            for (byte[] key : keys) verifiers.add(new MACVerifier(key));
        } catch (JOSEException e) {
            throw noHmac(e);
        }
    }

    String sign(Type type, JWTClaimsSet claims) {
        SignedJWT jwt = new SignedJWT(type.header, claims);
        try {
            jwt.sign(signer);
        } catch (JOSEException e) {
            throw noHmac(e);
        }
        return jwt.serialize();
    }

    /** The claims, if this vault signed the text as one of this type; else null. It checks no claim. */
    @Nullable
    JWTClaimsSet check(Type type, String text) {
        if (text.length() > LONGEST || !text.startsWith(type.prefix)) return null;
        try {
            SignedJWT jwt = SignedJWT.parse(text);
            for (MACVerifier verifier : verifiers) if (jwt.verify(verifier)) return jwt.getJWTClaimsSet();
            return null;
        } catch (ParseException e) {
            return null;
        } catch (JOSEException e) {
            throw noHmac(e);
        }
    }

    private static IllegalStateException noHmac(JOSEException cause) {
        return new IllegalStateException("every Java runtime has HMAC-SHA-256", cause);
    }
}
