package dev.lunasec.tokenizer.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.util.DateUtils;
import java.time.InstantSource;
import java.util.Date;
import java.util.Set;

/**
 * Checks JWTs with the keys of one source: signature, algorithm, audience, times, and the claims that must be as they
 * are.
 */
final class JwtVerifier {
    /** The largest set of keys, in bytes of JSON. */
    static final int JWKS_BYTES = 256 << 10;

    /** Asymmetric ones alone: with HS256 the public key would be the secret. */
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384);

    private static final int CLOCK_SKEW_SECONDS = 30;

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /**
     * A verifier.
     *
     * @param audience that must be among the token's
     * @param exact claims that must have these values
     */
    JwtVerifier(IssuerKeys keys, String audience, JWTClaimsSet exact, InstantSource clock) {
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(ALGORITHMS, (selector, context) -> keys.select(selector)));
        // The clients of the original send no "typ", or "JWT"; the others are those of RFC 9068, 4.
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(
                null, JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt")));
        DefaultJWTClaimsVerifier<SecurityContext> claims =
                new DefaultJWTClaimsVerifier<>(audience, exact, Set.of("exp", "sub")) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }

                    @Override
                    public void verify(JWTClaimsSet jwt, SecurityContext context) throws BadJWTException {
                        super.verify(jwt, context);
                        // The library takes a claim whose value is null for one that is there.
                        if (jwt.getExpirationTime() == null) throw new BadJWTException("exp is null");
                        if (jwt.getSubject() == null) throw new BadJWTException("sub is null");
                    }
                };
        claims.setMaxClockSkew(CLOCK_SKEW_SECONDS);
        processor.setJWTClaimsSetVerifier(claims);
    }

    /** Whether a JWT with this {@code exp} has not expired, with the tolerance for clocks that differ. */
    static boolean isBeforeExpiry(Date now, Date expires) {
        return DateUtils.isAfter(expires, now, CLOCK_SKEW_SECONDS);
    }

    /** Whether a JWT with this {@code nbf} is valid already, with the tolerance for clocks that differ. */
    static boolean isAfterStart(Date now, Date notBefore) {
        return DateUtils.isBefore(notBefore, now, CLOCK_SKEW_SECONDS);
    }

    /**
     * Checks signature and claims.
     *
     * @throws com.nimbusds.jose.KeySourceException if there are no keys to check with
     * @throws BadJOSEException if the JWT is not valid
     */
    JWTClaimsSet verify(SignedJWT jwt) throws JOSEException, BadJOSEException {
        return processor.process(jwt, null);
    }
}
