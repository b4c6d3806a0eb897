package dev.lunasec.tokenizer.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.lunasec.settings.TokenizerSettings.Issuer;
import dev.lunasec.tokenizer.auth.Caller.Kind;
import dev.lunasec.tokenizer.failure.Failed;
import dev.lunasec.tokenizer.failure.Failure;
import java.net.MalformedURLException;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Callers with a JWT of one of the vault's issuers. The {@code iss} claim chooses the issuer, whose keys come from its JWKS: cached,
 * refreshed before they get old, and kept through an outage.
 */
public final class JwtAuthenticator implements Authenticator {
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

    private static final int LONGEST_JWT = 8 << 10;
    private static final int LONGEST_SESSION = 512;
    private static final int CLOCK_SKEW_SECONDS = 30;
    private static final int FETCH_MILLIS = 2_000;
    private static final int JWKS_BYTES = 256 << 10;

    private final Map<String, TrustedIssuer> issuers;

    /** @param issuers their {@code iss} values differ */
    public JwtAuthenticator(List<Issuer> issuers) {
        this.issuers = issuers.stream()
                .map(TrustedIssuer::new)
                .collect(Collectors.toMap(i -> i.settings.issuer(), Function.identity()));
    }

    @Override
    public Caller authenticate(String credentials) {
        String jwt = credentials.regionMatches(true, 0, "Bearer ", 0, 7)
                ? credentials.substring(7).strip()
                : credentials;
        if (jwt.length() > LONGEST_JWT) throw refused("is too long");
        try {
            SignedJWT signed = SignedJWT.parse(jwt);
            String claimed = signed.getJWTClaimsSet().getIssuer();
            TrustedIssuer issuer = claimed == null ? null : issuers.get(claimed);
            if (issuer == null) throw refused("is of an issuer that this vault doesn't know");
            return caller(issuer.settings, issuer.claims(signed));
        } catch (KeySourceException e) {
            throw new Failed(
                    Failure.ISSUER_UNAVAILABLE,
                    "The keys of the JWT's issuer can't be fetched at the moment; try again soon.",
                    e);
        } catch (ParseException | JOSEException | BadJOSEException e) {
            throw refused("is not signed by a key of its issuer, has expired or is for somebody else");
        }
    }

    private static Caller caller(Issuer issuer, JWTClaimsSet claims) throws ParseException {
        Kind kind = kind(claims.getSubject());
        String session = claims.getStringClaim("session_id");
        if (session == null) session = "";
        if (session.length() > LONGEST_SESSION) throw refused("has a session_id of over 512 characters");
        if (kind == Kind.USER && session.isEmpty()) throw refused("is of a user and has no session_id");
        return new Caller(kind, issuer.name(), session);
    }

    private static Kind kind(@Nullable String subject) {
        return switch (subject == null ? "" : subject) {
            case "user" -> Kind.USER;
            case "application" -> Kind.APPLICATION;
            case "developer" -> Kind.DEVELOPER;
            default -> throw refused("has a sub that is not user, application or developer");
        };
    }

    private static Failed refused(String why) {
        return new Failed(Failure.UNAUTHENTICATED, "The JWT " + why + ".");
    }

    /** An issuer with the check of its tokens. */
    private static final class TrustedIssuer {
        final Issuer settings;
        private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        private volatile boolean keysSeen;

        TrustedIssuer(Issuer settings) {
            this.settings = settings;
            processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys(settings)));
            // The clients of the original send no "typ", or "JWT"; the verifier's default takes both.
            DefaultJWTClaimsVerifier<SecurityContext> claims = new DefaultJWTClaimsVerifier<>(
                    settings.audience(),
                    new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
                    Set.of("exp", "sub"));
            claims.setMaxClockSkew(CLOCK_SKEW_SECONDS);
            processor.setJWTClaimsSetVerifier(claims);
        }

        /**
         * Checks signature and claims.
         *
         * @throws KeySourceException when there are no keys to check with
         */
        JWTClaimsSet claims(SignedJWT jwt) throws JOSEException, BadJOSEException {
            try {
                JWTClaimsSet claims = processor.process(jwt, null);
                keysSeen = true;
                return claims;
            } catch (BadJOSEException e) {
                keysSeen = true;
                throw e;
            } catch (RateLimitReachedException e) {
                // A key that nobody has heard of is looked for once in a while; in between it is simply unknown.
                if (keysSeen) throw new BadJWSException("no such key", e);
                throw e;
            }
        }

        private static JWKSource<SecurityContext> keys(Issuer settings) {
            try {
                return JWKSourceBuilder.create(
                                settings.jwksUrl().toURL(),
                                new DefaultResourceRetriever(FETCH_MILLIS, FETCH_MILLIS, JWKS_BYTES))
                        .cache(Duration.ofMinutes(2).toMillis(), 2 * FETCH_MILLIS)
                        .refreshAheadCache(Duration.ofSeconds(30).toMillis(), false)
                        .rateLimited(Duration.ofSeconds(5).toMillis())
                        .outageTolerant(Duration.ofHours(4).toMillis())
                        .build();
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException("settings hold http and https URLs alone", e);
            }
        }
    }
}
