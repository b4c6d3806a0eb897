package dev.lunasec.tokenizer.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/** Callers with a JWT of one of the vault's issuers, whose keys come from its JWKS. */
final class JwtAuthenticator {
    private static final int LONGEST_SESSION = 512;

    private final Issuer issuer;
    private final JwtVerifier verifier;

    JwtAuthenticator(Issuer issuer, IssuerKeys keys) {
        this.issuer = issuer;
        this.verifier = new JwtVerifier(
                keys,
                issuer.audience(),
                new JWTClaimsSet.Builder().issuer(issuer.issuer()).build());
    }

    /**
     * The keys in the JWKS of an issuer.
     *
     * @param authority PEM file with the only authorities that are trusted; null for those of Java
     */
    static PublishedKeys.Source jwks(Issuer issuer, @Nullable Path authority) {
        return () -> {
            try (KeyDocuments documents = new KeyDocuments(authority)) {
                String jwks = documents.get(issuer.jwksUrl(), null, JwtVerifier.JWKS_BYTES);
                return new PublishedKeys(null, JWKSet.parse(jwks));
            } catch (ParseException e) {
                throw new IOException("the answer is no JWKS", e);
            }
        };
    }

    /**
     * Checks a JWT that says it is of this issuer.
     *
     * @throws CallFailed {@link ErrorCode#UNAUTHENTICATED} or {@link ErrorCode#ISSUER_UNAVAILABLE}
     */
    Caller authenticate(SignedJWT jwt) {
        try {
            return caller(verifier.verify(jwt));
        } catch (KeySourceException e) {
            throw new CallFailed(
                    ErrorCode.ISSUER_UNAVAILABLE,
                    "The keys of the JWT's issuer can't be fetched at the moment; try again soon.",
                    e);
        } catch (ParseException | JOSEException | BadJOSEException e) {
            throw refused("is not signed by a key of its issuer, has expired or is for another audience");
        }
    }

    private Caller caller(JWTClaimsSet claims) throws ParseException {
        Kind kind = kind(claims.getSubject());
        String session = claims.getStringClaim("session_id");
        if (session == null) session = "";
        if (session.length() > LONGEST_SESSION) throw refused("has a session_id of over 512 characters");
        if (!issuer.kinds().contains(kind)) {
            throw refused("has the sub " + kind.claim() + ", which its issuer may not sign; add the kind to the entry "
                    + issuer.name() + " of spec.auth.issuers");
        }
        // Without a session, all callers of this kind would be the same holder of grants.
        if (kind != Kind.APPLICATION && session.isEmpty()) {
            throw refused("is of a " + kind.claim() + " and has no session_id");
        }
        return Caller.withJwt(kind, issuer, session);
    }

    private static Kind kind(@Nullable String subject) {
        return switch (subject == null ? "" : subject) {
            case "user" -> Kind.USER;
            case "application" -> Kind.APPLICATION;
            case "developer" -> Kind.DEVELOPER;
            default -> throw refused("has a sub that is not user, application or developer");
        };
    }

    static CallFailed refused(String why) {
        return new CallFailed(ErrorCode.UNAUTHENTICATED, "The JWT " + why + ".");
    }
}
