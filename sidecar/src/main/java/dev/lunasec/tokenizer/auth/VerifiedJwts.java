package dev.lunasec.tokenizer.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.lunasec.runtime.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The callers of JWTs that were accepted, because the check of a signature is the most expensive part of a call. A
 * caller is found by the SHA-256 of the whole JWT, so a JWT with another signature is another one. Neither JWTs nor
 * refusals are kept.
 */
final class VerifiedJwts {
    /** An entry takes about 1 KiB. */
    private static final int MOST = 10_000;

    private static final Duration LONGEST = Duration.ofMinutes(5);

    /**
     * What a JWT was accepted for.
     *
     * @param notBefore the {@code nbf} claim
     * @param keys that the issuer had before the check
     */
    private record Verified(
            Caller caller, @Nullable Date notBefore, Date expires, IssuerKeys issuer, PublishedKeys keys) {
        /** A JWT whose key may have been removed does not hold: it is checked with the keys of now. */
        boolean holds(Date now) {
            return keys.equals(issuer.known())
                    && JwtVerifier.isBeforeExpiry(now, expires)
                    && (notBefore == null || JwtVerifier.isAfterStart(now, notBefore));
        }
    }

    private final InstantSource clock;
    private final Cache<String, Verified> verified;

    /**
     * Empty.
     *
     * @param clock for {@code exp} and {@code nbf}
     * @param nanos the time in nanoseconds, as {@link System#nanoTime} gives it
     */
    VerifiedJwts(InstantSource clock, LongSupplier nanos) {
        this.clock = clock;
        this.verified = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(LONGEST)
                .ticker(nanos::getAsLong)
                .build();
    }

    /** The key of a JWT. */
    static String digest(String jwt) {
        return new String(Sha256.of(jwt.getBytes(StandardCharsets.UTF_8)), StandardCharsets.ISO_8859_1);
    }

    /** The caller of a JWT that was accepted and would be accepted now; null if that is not known. */
    @Nullable
    Caller caller(String digest) {
        Verified known = verified.getIfPresent(digest);
        return known != null && known.holds(Date.from(clock.instant())) ? known.caller : null;
    }

    /**
     * Checks a JWT, and keeps its caller if the JWT is accepted.
     *
     * @param claims of the JWT
     * @param issuer whose keys the check uses
     * @param check throws an exception for a JWT that it does not accept
     */
    Caller verify(String digest, JWTClaimsSet claims, IssuerKeys issuer, Supplier<Caller> check) {
        // If the keys change during the check, it is not known which of them accepted the JWT.
        PublishedKeys before = issuer.known();
        Caller caller = check.get();
        if (before != null && before.equals(issuer.known())) {
            verified.put(
                    digest,
                    new Verified(caller, claims.getNotBeforeTime(), claims.getExpirationTime(), issuer, before));
        }
        return caller;
    }
}
