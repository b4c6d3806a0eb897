package dev.lunasec.tokenizer.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.tokenizer.auth.IssuerKeys.Timing;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.testing.Issuers;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What callers get while the JWKS of their issuer is down for an hour, by a clock of the test. */
@Tag("embedded")
class JwksOutageTest {
    private static final Duration TOLERANCE = Duration.ofMinutes(15);
    private static final String CLAIMS =
            "{\"iss\":\"node-sdk\",\"aud\":\"secure-frame\",\"sub\":\"user\",\"session_id\":\"session-1\"}";

    @AutoClose
    private final JwtIssuer issuer = new JwtIssuer();

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger fetches = new AtomicInteger();
    private final JwtAuthenticator authenticator = new JwtAuthenticator(
            Issuers.unlimited("shop", JwtIssuer.ISSUER, issuer.jwksUrl()),
            new IssuerKeys("shop", this::fetch, Timing.with(TOLERANCE), nanos::get),
            InstantSource.system());
    private volatile boolean down;

    @Test
    void theLastKeysAreUsedForTheToleranceThenCallersGet503UntilTheJwksIsBack() throws Exception {
        authenticate("{\"alg\":\"RS256\"}");
        down = true;
        for (int minute = 1; minute <= 15; minute++) {
            pass(Duration.ofMinutes(1));
            assertThat(authenticate("{\"alg\":\"RS256\"}").subject()).isEqualTo("shop/user");
        }
        assertThat(fetches).as("a caller whose key is known asks for none").hasValue(1);

        pass(Duration.ofSeconds(1));
        refused("{\"alg\":\"RS256\"}");
        for (int minute = 16; minute <= 60; minute++) {
            pass(Duration.ofMinutes(1));
            for (int call = 0; call < 3; call++) refused("{\"alg\":\"RS256\"}");
        }
        assertThat(fetches).as("one fetch for all calls of a minute").hasValue(1 + 1 + 45);

        down = false;
        pass(Duration.ofSeconds(5));
        assertThat(authenticate("{\"alg\":\"RS256\"}").subject()).isEqualTo("shop/user");
    }

    @Test
    void duringAnOutageAnUnknownKeyIsAnOutageAndNoForgery() throws Exception {
        authenticate("{\"alg\":\"RS256\"}");
        down = true;
        pass(Duration.ofMinutes(1));
        refused("{\"alg\":\"RS256\",\"kid\":\"newer\"}");
        authenticate("{\"alg\":\"RS256\"}");
    }

    private PublishedKeys fetch() throws IOException {
        fetches.incrementAndGet();
        if (down) throw new IOException("the test has stopped it");
        return new PublishedKeys(null, new JWKSet(issuer.key().toPublicJWK()));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private Caller authenticate(String header) throws Exception {
        SignedJWT jwt = SignedJWT.parse(issuer.sign(header, CLAIMS));
        return authenticator.authenticate(jwt, jwt.getJWTClaimsSet());
    }

    private void refused(String header) {
        assertThatThrownBy(() -> authenticate(header))
                .isInstanceOfSatisfying(
                        CallFailed.class,
                        failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.ISSUER_UNAVAILABLE));
    }
}
