package dev.lunasec.tokenizer.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.tokenizer.auth.IssuerKeys.Timing;
import dev.lunasec.tokenizer.testing.Issuers;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The check of the same JWT of a user (RS256, 2048 bits). It is in the package whose classes it uses. */
@State(Scope.Thread)
public class JwtBenchmark {
    private static final String ISSUER = "shop-sdk";

    private final RSAKey key = key();
    private final PublishedKeys published = new PublishedKeys(null, new JWKSet(key.toPublicJWK()));
    private final InstantSource clock = InstantSource.system();
    private final JwtAuthenticator issuer = new JwtAuthenticator(
            Issuers.unlimited("shop", ISSUER, URI.create("https://shop.example.com/jwks.json")),
            new IssuerKeys("shop", () -> published, Timing.with(Duration.ofMinutes(15))),
            clock);
    private final IssuerRouter router =
            new IssuerRouter(List.of(issuer), null, new VerifiedJwts(clock, System::nanoTime));
    private final String jwt = JwtIssuer.sign(
            key,
            "{\"alg\":\"RS256\",\"kid\":\"key\"}",
            "{\"iss\":\"" + ISSUER + "\",\"aud\":\"" + JwtIssuer.AUDIENCE
                    + "\",\"sub\":\"user\",\"session_id\":\"4f0c6a52-5d0e-4a55-8f0b-9d8f3f6d3a11\"}");

    /** A JWT that the pod has not seen. */
    @Benchmark
    public Object firstCall() throws ParseException {
        SignedJWT parsed = SignedJWT.parse(jwt);
        return issuer.authenticate(parsed, parsed.getJWTClaimsSet());
    }

    /** A JWT whose caller the pod remembers. */
    @Benchmark
    public Object laterCall() {
        return router.authenticate(jwt);
    }

    private static RSAKey key() {
        try {
            return new RSAKeyGenerator(2048).keyID("key").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
