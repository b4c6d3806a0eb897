package dev.lunasec.tokenizer.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Checks JWTs with the keys of one source: signature, algorithm, audience, times, and the claims that must be as they
 * are.
 */
final class JwtVerifier {
    /** How long one request for keys may take. */
    static final Duration FETCH = Duration.ofSeconds(2);

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
    private volatile boolean keysSeen;

    /**
     * A verifier.
     *
     * @param audience that must be among the token's
     * @param exact claims that must have these values
     */
    JwtVerifier(JWKSource<SecurityContext> keys, String audience, JWTClaimsSet exact) {
        // A JWT may be refused before anyone asks for keys: for its algorithm.
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, (selector, context) -> {
            List<JWK> found = keys.get(selector, context);
            keysSeen = true;
            return found;
        }));
        // The clients of the original send no "typ", or "JWT"; the verifier's default takes both.
        DefaultJWTClaimsVerifier<SecurityContext> claims =
                new DefaultJWTClaimsVerifier<>(audience, exact, Set.of("exp", "sub"));
        claims.setMaxClockSkew(CLOCK_SKEW_SECONDS);
        processor.setJWTClaimsSetVerifier(claims);
    }

    /**
     * How keys are kept.
     *
     * @param fresh how long they are used without asking again
     * @param ahead how long before that they are asked for in the background
     * @param fetch how long that may take
     * @param between how often at most an unknown key lets them be asked for (twice in this time)
     * @param outage how long they are used while the source gives no answer
     */
    record Keeping(Duration fresh, Duration ahead, Duration fetch, Duration between, Duration outage) {
        static final Keeping USUAL = new Keeping(
                Duration.ofMinutes(2),
                Duration.ofSeconds(30),
                FETCH.multipliedBy(2),
                Duration.ofSeconds(5),
                Duration.ofHours(4));

        /**
         * Keys that are cached, refreshed before they get old and when an unknown one is used, and kept through an
         * outage.
         */
        JWKSource<SecurityContext> of(JWKSourceBuilder<SecurityContext> source) {
            return source.cache(fresh.toMillis(), fetch.toMillis())
                    .refreshAheadCache(ahead.toMillis(), false)
                    .rateLimited(between.toMillis())
                    .outageTolerant(outage.toMillis())
                    .build();
        }
    }

    /**
     * Checks signature and claims.
     *
     * @throws com.nimbusds.jose.KeySourceException if there are no keys to check with
     * @throws BadJOSEException if the JWT is not valid
     */
    JWTClaimsSet verify(SignedJWT jwt) throws JOSEException, BadJOSEException {
        try {
            return processor.process(jwt, null);
        } catch (RateLimitReachedException e) {
            // Keys are fetched for an unknown key once in a while; in between it counts as unknown.
            if (keysSeen) throw new BadJWSException("no such key", e);
            throw e;
        }
    }
}
