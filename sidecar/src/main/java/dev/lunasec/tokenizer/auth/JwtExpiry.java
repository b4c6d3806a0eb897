package dev.lunasec.tokenizer.auth;

import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Instant;

/** When a JWT expires that an {@link Authenticator} accepted. */
public final class JwtExpiry {
    private JwtExpiry() {}

    /** The {@code exp} claim, without the tolerance for clocks that differ. */
    public static Instant of(String accepted) {
        try {
            return SignedJWT.parse(accepted)
                    .getJWTClaimsSet()
                    .getExpirationTime()
                    .toInstant();
        } catch (ParseException e) {
            throw new IllegalStateException("a JWT that was accepted can be read", e);
        }
    }
}
