package dev.lunasec.tokenizer.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.tokenizer.auth.IssuerKeys.Timing;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.testing.Issuers;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * JWTs that were accepted once, and what must end that. A caller that the router remembers is the same object; each
 * check of a signature makes a new one.
 */
@Tag("embedded")
class VerifiedJwtsTest {
    private static final Duration OUTAGE = Duration.ofMinutes(15);
    private static final String KID = "signing-key";
    private static final String CLAIMS =
            "{\"iss\":\"shop-sdk\",\"aud\":\"secure-frame\",\"sub\":\"user\",\"session_id\":\"session-1\"}";
    private static final RSAKey KEY = generate();
    private static final RSAKey OTHER_KEY = generate();

    private final Instant start = Instant.now();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong wallClock = new AtomicLong();
    private final IssuerKeys keys = new IssuerKeys("shop", this::fetch, Timing.with(OUTAGE), nanos::get);
    private final InstantSource clock = () -> start.plusNanos(wallClock.get());
    private final IssuerRouter router = new IssuerRouter(
            List.of(new JwtAuthenticator(
                    Issuers.unlimited("shop", "shop-sdk", URI.create("https://shop.example.com/jwks.json")),
                    keys,
                    clock)),
            null,
            new VerifiedJwts(clock, nanos::get));
    private volatile RSAKey published = KEY;
    private volatile boolean down;
    private int sessions;

    @BeforeEach
    void fetchTheKeys() {
        authenticate(jwt());
    }

    @Test
    void theSecondCallWithAJwtIsNotCheckedAgain() {
        String jwt = jwt();
        Caller caller = authenticate(jwt);
        assertThat(authenticate(jwt)).isSameAs(caller);
        assertThat(authenticate("Bearer " + jwt)).isSameAs(caller);
        assertThat(authenticate(jwt())).isNotEqualTo(caller);
    }

    @Test
    void oneChangedByteOfTheSignatureIsRefusedAfterTheJwtWasAccepted() {
        String jwt = jwt();
        authenticate(jwt);
        int changed = jwt.length() - 20;
        char other = jwt.charAt(changed) == 'A' ? 'B' : 'A';
        refused(jwt.substring(0, changed) + other + jwt.substring(changed + 1), ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void aRefusalIsNotKept() {
        String early = JwtIssuer.sign(OTHER_KEY, header(KID), CLAIMS);
        refused(early, ErrorCode.UNAUTHENTICATED);
        publish(OTHER_KEY);
        authenticate(early);
    }

    @Test
    void anotherKeyWithTheSameKidEndsIt() {
        String jwt = jwt();
        authenticate(jwt);
        publish(OTHER_KEY);
        refused(jwt, ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void keysThatAreFetchedAgainUnchangedDoNotEndIt() {
        String jwt = jwt();
        Caller caller = authenticate(jwt);
        publish(KEY);
        assertThat(authenticate(jwt)).isSameAs(caller);
    }

    @Test
    void keysThatChangeDuringTheCheckEndIt() throws ParseException {
        String jwt = jwt();
        VerifiedJwts verified = new VerifiedJwts(clock, nanos::get);
        Caller caller = verified.verify("digest", SignedJWT.parse(jwt).getJWTClaimsSet(), keys, () -> {
            Caller accepted = authenticate(jwt);
            publish(OTHER_KEY);
            return accepted;
        });
        assertThat(caller.subject()).isEqualTo("shop/user");
        assertThat(verified.caller("digest")).isNull();
        publish(KEY);
        assertThat(verified.caller("digest")).isNull();
    }

    @Test
    void aJwtThatExpiresBetweenTwoCallsIsRefused() {
        String jwt = jwt();
        Caller caller = authenticate(jwt);
        pass(Duration.ofMinutes(15));
        assertThat(authenticate(jwt)).isSameAs(caller);
        pass(Duration.ofSeconds(40));
        refused(jwt, ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void aJwtIsRefusedWhenTheClockGoesBackBehindItsNbf() {
        String jwt = JwtIssuer.sign(KEY, header(KID), CLAIMS.replace("}", ",\"nbf\":1}"));
        Caller caller = authenticate(jwt);
        pass(Duration.ofSeconds(-10));
        assertThat(authenticate(jwt)).isSameAs(caller);
        pass(Duration.ofMinutes(-1));
        refused(jwt, ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void anEntryEndsAfterFiveMinutes() {
        String jwt = jwt();
        Caller caller = authenticate(jwt);
        nanos.addAndGet(Duration.ofMinutes(5).minusSeconds(1).toNanos());
        assertThat(authenticate(jwt)).isSameAs(caller);
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(authenticate(jwt)).isNotSameAs(caller);
    }

    @Test
    void itEndsWithTheKeysInAnOutageOfTheIssuer() {
        String jwt = jwt();
        authenticate(jwt);
        down = true;
        for (int minute = 0; minute < 15; minute++) {
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            authenticate(jwt);
        }
        nanos.addAndGet(1);
        refused(jwt, ErrorCode.ISSUER_UNAVAILABLE);
    }

    private static RSAKey generate() {
        try {
            return new RSAKeyGenerator(2048).keyID(KID).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private PublishedKeys fetch() throws IOException {
        if (down) throw new IOException("the test has stopped it");
        return new PublishedKeys(null, new JWKSet(published.toPublicJWK()));
    }

    /** The issuer publishes this key, and the router has fetched it. */
    private void publish(RSAKey next) {
        published = next;
        // A call with a key that is not known starts a fetch, if the last one was long enough ago.
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        refused(JwtIssuer.sign(KEY, header("unknown"), CLAIMS), ErrorCode.UNAUTHENTICATED);
    }

    private static String header(String kid) {
        return "{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}";
    }

    private String jwt() {
        return JwtIssuer.sign(KEY, header(KID), CLAIMS.replace("session-1", "session-" + ++sessions));
    }

    private void pass(Duration time) {
        wallClock.addAndGet(time.toNanos());
    }

    private Caller authenticate(String jwt) {
        return router.authenticate(jwt);
    }

    private void refused(String jwt, ErrorCode code) {
        assertThatThrownBy(() -> authenticate(jwt))
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(code));
    }
}
