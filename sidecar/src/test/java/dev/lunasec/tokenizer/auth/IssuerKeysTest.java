package dev.lunasec.tokenizer.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.lunasec.contract.ClaimMappings;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.testbed.TestAuthority;
import dev.lunasec.tokenizer.auth.IssuerKeys.Timing;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.testing.Issuers;
import dev.lunasec.tokenizer.testing.KeyServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the keys of an issuer are fetched from a server that hangs, redirects or floods. */
@Tag("embedded")
class IssuerKeysTest {
    private static final String CLAIMS =
            "{\"iss\":\"node-sdk\",\"aud\":\"secure-frame\",\"sub\":\"user\",\"session_id\":\"session-1\"}";

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    Path folder;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private volatile JWKSet published = new JWKSet();
    private volatile Runnable whileKeysAreCompared = () -> {};
    private JwtIssuer signer;
    private KeyServer server;

    @BeforeEach
    void start() {
        signer = new JwtIssuer();
        server = new KeyServer(new JWKSet(signer.key().toPublicJWK()).toString());
    }

    @AfterEach
    void stop() {
        server.close();
        signer.close();
    }

    @Test
    void aServerThatHangsDelaysNobodyWhoseKeyIsKnown() {
        try (IssuerRouter router = router(new Timing(Duration.ofMillis(50), Duration.ofMillis(50), SOON, LONG))) {
            start(router);
            server.hang();
            await().atMost(SOON).until(() -> failures() > 0);
            for (int i = 0; i < 100; i++) router.authenticate(jwt());
            assertThat(metrics.get("tokenizer.issuer.keys.age").gauge().value()).isPositive();
        }
    }

    /** Otherwise the JWTs that were verified with them would be verified again after each fetch. */
    @Test
    void theSameKeysInAnotherOrderAreNoOtherKeys() throws Exception {
        RSAKey second = new RSAKeyGenerator(2048).keyID("second").generate();
        List<JWK> keys = new ArrayList<>(List.of(signer.key().toPublicJWK(), second.toPublicJWK()));
        AtomicLong minutes = new AtomicLong();
        KeyFetcher fetcher = new KeyFetcher(
                "order",
                () -> new PublishedKeys(null, new JWKSet(List.copyOf(keys))),
                Timing.with(LONG),
                () -> TimeUnit.MINUTES.toNanos(minutes.getAndIncrement()));
        fetcher.fetchForCaller().get();
        PublishedKeys first = fetcher.usable();
        Collections.reverse(keys);
        fetcher.fetchForCaller().get();
        assertThat(fetcher.usable()).isNotNull().isSameAs(first);
        keys.removeFirst();
        fetcher.fetchForCaller().get();
        assertThat(fetcher.usable()).isNotSameAs(first);
    }

    @Test
    void onlyABoundedNumberOfCallersWaitsForAFetch() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger fetches = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        PublishedKeys keys =
                new PublishedKeys("shop-sdk", new JWKSet(signer.key().toPublicJWK()));
        IssuerKeys slow = new IssuerKeys(
                "slow",
                () -> {
                    fetches.incrementAndGet();
                    if (!awaitQuietly(answer)) throw new IOException("interrupted");
                    return keys;
                },
                new Timing(LONG, LONG, LONG, LONG));
        List<CompletableFuture<PublishedKeys>> callers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            callers.add(inBackground(() -> {
                try {
                    return slow.current();
                } catch (KeySourceException e) {
                    refused.incrementAndGet();
                    throw e;
                }
            }));
        }
        await().atMost(SOON).until(() -> refused.get() == 200 - 64);
        slow.bindTo(metrics);
        assertThat(waiting()).isEqualTo(64);
        answer.countDown();
        int served = 0;
        for (CompletableFuture<PublishedKeys> caller : callers) {
            if (caller.handle((found, failure) -> keys.equals(found)).get(30, TimeUnit.SECONDS)) served++;
        }
        assertThat(served).isEqualTo(64);
        assertThat(fetches).hasValue(1);
    }

    @Test
    void keysHoldThroughAnOutageAndNotForLonger() {
        try (IssuerRouter router = router(new Timing(LONG, Duration.ofMillis(50), SOON, Duration.ofSeconds(3)))) {
            start(router);
            server.publish("no JWKS");
            router.authenticate(jwt());
            await().atMost(SOON).untilAsserted(() -> refused(router, ErrorCode.ISSUER_UNAVAILABLE));
        }
    }

    @Test
    void aKeyThatIsNoLongerPublishedEndsWithTheNextFetch() {
        try (IssuerRouter router = router(new Timing(Duration.ofMillis(50), LONG, SOON, LONG))) {
            start(router);
            server.publish("{\"keys\":[]}");
            await().atMost(SOON).untilAsserted(() -> refused(router, ErrorCode.UNAUTHENTICATED));
        }
    }

    @Test
    void aKeyThatTheIssuerAddsIsAcceptedAtOnce() throws JOSEException {
        RSAKey added = new RSAKeyGenerator(2048).keyID("added").generate();
        try (IssuerRouter router = router(new Timing(LONG, Duration.ofMillis(1), SOON, LONG))) {
            start(router);
            server.publish(new JWKSet(List.of(signer.key().toPublicJWK(), added.toPublicJWK())).toString());
            router.authenticate(JwtIssuer.sign(added, "{\"alg\":\"RS256\",\"kid\":\"added\"}", CLAIMS));
            router.authenticate(jwt());
        }
    }

    @Test
    void aKeyThatTheIssuerAddsDuringAFetchIsAcceptedToo() throws Exception {
        JWK added = new RSAKeyGenerator(2048).keyID("added").generate();
        published = new JWKSet(signer.key().toPublicJWK());
        CountDownLatch hasRead = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        IssuerKeys keys = new IssuerKeys(
                "slow",
                () -> {
                    JWKSet read = published;
                    hasRead.countDown();
                    if (!awaitQuietly(mayEnd)) throw new IOException("interrupted");
                    return new PublishedKeys("shop-sdk", read);
                },
                new Timing(LONG, LONG, LONG, LONG));
        keys.bindTo(metrics);
        keys.start();
        assertThat(awaitQuietly(hasRead)).isTrue();
        published = new JWKSet(added);
        List<CompletableFuture<List<JWK>>> callers = new ArrayList<>();
        for (int i = 0; i < 20; i++) callers.add(inBackground(() -> keys.select(named("added"))));
        await().atMost(SOON).until(() -> waiting() == 20);
        mayEnd.countDown();
        for (CompletableFuture<List<JWK>> found : callers)
            assertThat(found.get(30, TimeUnit.SECONDS)).containsExactly(added);
        keys.close();
    }

    @Test
    @SuppressWarnings("serial") // The keys that hold the caller are never written.
    void aCallerWhoWaitedForTooLongIsNotRefusedBecauseTheFetchEndsMeanwhile() throws Exception {
        JWK added = new RSAKeyGenerator(2048).keyID("added").generate();
        JWKSet old = new JWKSet(signer.key().toPublicJWK()) {
            @Override
            public List<JWK> getKeys() {
                whileKeysAreCompared.run();
                return super.getKeys();
            }
        };
        published = old;
        CountDownLatch mayEnd = new CountDownLatch(1);
        IssuerKeys keys = new IssuerKeys(
                "slow",
                () -> {
                    JWKSet read = published;
                    if (!old.equals(read) && !awaitQuietly(mayEnd)) throw new IOException("interrupted");
                    return new PublishedKeys("shop-sdk", read);
                },
                new Timing(LONG, LONG, Duration.ofMillis(50), LONG));
        await().atMost(SOON).ignoreExceptions().until(() -> keys.current() != null);
        published = new JWKSet(added);
        PublishedKeys known = keys.current();
        Thread caller = Thread.currentThread();
        AtomicInteger comparisons = new AtomicInteger();
        whileKeysAreCompared = () -> {
            if (Thread.currentThread() != caller || comparisons.incrementAndGet() != 2) return;
            mayEnd.countDown();
            await().atMost(SOON).until(() -> !known.equals(keys.known()));
        };
        assertThatThrownBy(() -> keys.select(named("added"))).isInstanceOf(KeySourceException.class);
        assertThat(keys.select(named("added"))).containsExactly(added);
    }

    @Test
    void aRedirectIsNotFollowed() {
        try (KeyServer target = new KeyServer(new JWKSet(signer.key().toPublicJWK()).toString());
                IssuerRouter router = router(Timing.with(LONG))) {
            server.redirectTo(target.url());
            refused(router, ErrorCode.ISSUER_UNAVAILABLE);
            assertThat(target.asked().availablePermits()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {300 << 10, 10 << 20})
    void anAnswerThatIsTooLargeIsNotRead(int bytes) {
        server.publish(" ".repeat(bytes) + new JWKSet(signer.key().toPublicJWK()));
        try (IssuerRouter router = router(Timing.with(LONG))) {
            refused(router, ErrorCode.ISSUER_UNAVAILABLE);
            assertThat(failures()).isEqualTo(1);
        }
    }

    @Test
    void theAuthoritiesOfAnIssuerAreTheOnlyOnesThatAreTrusted() throws IOException {
        TestAuthority internal = new TestAuthority("internal");
        try (KeyServer https = new KeyServer(new JWKSet(signer.key().toPublicJWK()).toString(), internal)) {
            Path authority = folder.resolve("shop.crt");
            Files.writeString(authority, new TestAuthority("another").pem());
            IssuerRouter router = new IssuerRouter(
                    List.of(withAuthorities(https)), folder, null, new Timing(LONG, Duration.ofMillis(1), SOON, LONG));
            refused(router, ErrorCode.ISSUER_UNAVAILABLE);
            Files.writeString(authority, internal.pem());
            await().atMost(SOON).ignoreExceptions().untilAsserted(() -> router.authenticate(jwt()));

            refused(
                    new IssuerRouter(
                            List.of(Issuers.unlimited("shop", JwtIssuer.ISSUER, https.url())), folder, null, LONG),
                    ErrorCode.ISSUER_UNAVAILABLE);
            assertThatThrownBy(() -> new IssuerRouter(List.of(withAuthorities(https)), null, null, LONG))
                    .isInstanceOf(InvalidSettings.class)
                    .hasMessageContaining("set it to the folder that holds shop.crt");
        }
    }

    private static Issuer withAuthorities(KeyServer https) {
        return new Issuer(
                "shop",
                JwtIssuer.ISSUER,
                JwtIssuer.AUDIENCE,
                https.url(),
                true,
                EnumSet.allOf(Kind.class),
                EnumSet.allOf(Action.class),
                List.of(),
                ClaimMappings.ORIGINAL,
                null);
    }

    private IssuerRouter router(Timing timing) {
        IssuerRouter router = new IssuerRouter(
                List.of(Issuers.unlimited("shop", JwtIssuer.ISSUER, server.url())), null, null, timing);
        router.bindTo(metrics);
        return router;
    }

    private static boolean awaitQuietly(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static JWKSelector named(String name) {
        return new JWKSelector(new JWKMatcher.Builder().keyID(name).build());
    }

    private static <T> CompletableFuture<T> inBackground(Callable<T> call) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call.call();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                Thread::startVirtualThread);
    }

    /** Waits for the keys, which a busy machine may not serve in the time of the first caller. */
    private void start(IssuerRouter router) {
        router.start();
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> router.authenticate(jwt()));
    }

    private double waiting() {
        return metrics.get("tokenizer.issuer.keys.waiting").gauge().value();
    }

    private double failures() {
        return metrics.get("tokenizer.issuer.keys.failures").functionCounter().count();
    }

    private String jwt() {
        return signer.jwt("user", "session-1");
    }

    private void refused(IssuerRouter router, ErrorCode reason) {
        assertThatThrownBy(() -> router.authenticate(jwt()))
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(reason));
    }
}
