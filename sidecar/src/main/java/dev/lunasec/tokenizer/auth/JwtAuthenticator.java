package dev.lunasec.tokenizer.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Issuer;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.time.InstantSource;

/** Callers with a JWT of one of the vault's issuers, whose keys come from its JWKS. */
final class JwtAuthenticator {
    private final String issuer;
    private final String audience;
    private final IssuerKeys keys;
    private final JwtVerifier verifier;
    private final CallerMapper callers;

    JwtAuthenticator(Issuer issuer, IssuerKeys keys, InstantSource clock) {
        this.issuer = issuer.issuer();
        this.audience = issuer.audience();
        this.keys = keys;
        this.callers = new CallerMapper(issuer);
        this.verifier = new JwtVerifier(
                keys,
                issuer.audience(),
                new JWTClaimsSet.Builder().issuer(issuer.issuer()).build(),
                clock);
    }

    /** The {@code iss} claim of its JWTs. */
    String issuer() {
        return issuer;
    }

    /** The keys of the issuer. */
    IssuerKeys keys() {
        return keys;
    }

    /**
     * Checks a JWT that says it is of this issuer.
     *
     * @param claims of the JWT
     * @throws CallFailed {@link ErrorCode#UNAUTHENTICATED} or {@link ErrorCode#ISSUER_UNAVAILABLE}
     */
    Caller authenticate(SignedJWT jwt, JWTClaimsSet claims) {
        try {
            return callers.caller(new JwtClaims(verifier.verify(jwt).getClaims()));
        } catch (KeySourceException e) {
            throw new CallFailed(
                    ErrorCode.ISSUER_UNAVAILABLE,
                    "The keys of the JWT's issuer can't be fetched at the moment; try again soon.",
                    e);
        } catch (ExpiredJWTException e) {
            throw Refusal.EXPIRED.ofJwt("has expired; get a new one from its issuer");
        } catch (BadJWTException e) {
            // The claims are checked after the signature, so it is the issuer's client who learns what is wrong.
            throw Refusal.NOT_VALID.ofJwt(wrongClaim(claims));
        } catch (JOSEException | BadJOSEException e) {
            throw Refusal.NOT_VALID.ofJwt(
                    "is not signed by a key that its issuer publishes, or has an alg or a typ that"
                            + " this vault refuses; send a JWT as its issuer signed it");
        }
    }

    private String wrongClaim(JWTClaimsSet claims) {
        if (!claims.getAudience().contains(audience)) {
            return "is for another audience; ask its issuer for one with the aud " + audience;
        }
        if (claims.getExpirationTime() == null) return "has no exp; have its issuer sign one that expires";
        if (claims.getSubject() == null) return "has no sub; have its issuer sign one that has it";
        return "is not valid yet; wait until the time in its nbf, or correct the clock of its issuer";
    }
}
