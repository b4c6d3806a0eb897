package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Frame;
import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.frame.FrameFiles;
import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.tokenizer.audit.AuditLog;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.auth.FrameAccess;
import dev.lunasec.tokenizer.auth.FrameAccess.Purpose;
import dev.lunasec.tokenizer.auth.FrameTokens;
import dev.lunasec.tokenizer.auth.FrameTokens.Code;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.frame.FramePage;
import dev.lunasec.tokenizer.grant.FrameCodes;
import dev.lunasec.tokenizer.grant.Grants;
import dev.lunasec.tokenizer.grant.LoginStates;
import dev.lunasec.tokenizer.http.Listener;
import dev.lunasec.tokenizer.session.FrameSessions;
import dev.lunasec.tokenizer.session.Logins;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.S3DataObjects;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.store.S3Records;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.Issuers;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.vault.Erasure;
import dev.lunasec.tokenizer.vault.Limits;
import dev.lunasec.tokenizer.vault.RecordCopies;
import dev.lunasec.tokenizer.vault.Vault;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A server with few places, whose callers stay in them until the test lets them leave: Redis answers when the test
 * wants.
 */
@Tag("embedded")
class BusyTest {
    private static final Keyring KEYRING = TestKeyring.of(1, 1);
    private static final StoreLocation NOWHERE =
            new StoreLocation("vault", "us-east-1", URI.create("http://127.0.0.1:1"), true);

    private static final Issuer SHOP = Issuers.withLogin(
            Issuers.unlimited("shop", "shop", URI.create("https://shop.example.com/jwks.json")),
            URI.create("https://shop.example.com/login"));

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Semaphore entered = new Semaphore(0);
    private final Semaphore mayLeave = new Semaphore(0);
    private volatile @Nullable Error error;

    @Test
    void whoeverFindsNoPlaceIsToldToComeAgain() throws Exception {
        try (S3Connection connection = new S3Connection(NOWHERE, new AccessKeys("a", "b"), null);
                TokenizerServer server = server(connection, 2)) {
            server.start();
            Api api = new Api(URI.create("http://127.0.0.1:" + server.port()));
            for (int round = 0; round < 2; round++) {
                CompletableFuture<Answer> one = call(api, "application one");
                CompletableFuture<Answer> two = call(api, "application two");
                assertThat(entered.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
                for (int i = 0; i < 3; i++) {
                    Answer busy = detokenize(api, "application three");
                    refused(busy, 429, "tooManyRequests");
                    assertThat(busy.headers().firstValue("retry-after")).hasValue("2");
                }
                // A refused call leaves no place taken, and no call gives its place back twice.
                mayLeave.release(2);
                refused(one.get(30, TimeUnit.SECONDS), 403, "noGrant");
                refused(two.get(30, TimeUnit.SECONDS), 403, "noGrant");
            }
        }
        assertThat(refusals("places")).isEqualTo(6);
    }

    @Test
    void aSessionGetsASixteenthOfThePlacesAndASubjectThreeQuarters() throws Exception {
        try (S3Connection connection = new S3Connection(NOWHERE, new AccessKeys("a", "b"), null);
                TokenizerServer server = server(connection, 32)) {
            server.start();
            Api api = new Api(URI.create("http://127.0.0.1:" + server.port()));
            List<CompletableFuture<Answer>> calls = new ArrayList<>();
            for (int session = 0; session < 12; session++) {
                for (int i = 0; i < 2; i++) calls.add(call(api, "user " + session));
                assertThat(entered.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
                refused(detokenize(api, "user " + session), 429, "tooManyRequests");
            }
            assertThat(refusals("session")).isEqualTo(12);
            refused(detokenize(api, "user 12"), 429, "tooManyRequests");
            assertThat(refusals("subject")).isEqualTo(1);
            for (int i = 0; i < 8; i++) calls.add(call(api, "application one"));
            assertThat(entered.tryAcquire(8, 30, TimeUnit.SECONDS)).isTrue();
            mayLeave.release(32);
            for (CompletableFuture<Answer> call : calls) refused(call.get(30, TimeUnit.SECONDS), 403, "noGrant");
        }
    }

    @Test
    void loginsOfStrangersGetASixteenthOfThePlaces() throws Exception {
        try (S3Connection connection = new S3Connection(NOWHERE, new AccessKeys("a", "b"), null);
                TokenizerServer server = server(connection, 32)) {
            server.start();
            Api api = new Api(URI.create("http://127.0.0.1:" + server.port()));
            List<CompletableFuture<Answer>> logins = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                logins.add(CompletableFuture.supplyAsync(
                        () -> api.send(api.request("/session/ensure").GET()), Thread::startVirtualThread));
            }
            assertThat(entered.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
            refused(api.send(api.request("/session/ensure").GET()), 429, "tooManyRequests");
            assertThat(refusals("login")).isEqualTo(1);
            mayLeave.release(3);
            for (CompletableFuture<Answer> login : logins) {
                assertThat(login.get(30, TimeUnit.SECONDS).status()).isEqualTo(302);
            }
            refused(detokenize(api, "application one"), 403, "noGrant");
        }
    }

    @Test
    void framesThatRedeemCodesGetASixteenthOfThePlacesTogetherWithLogins() throws Exception {
        FrameAccess storing = new FrameAccess(Purpose.TOKENIZE, "shop", "0".repeat(32), Set.of());
        String code = new FrameTokens(KEYRING, List.of(SHOP), Clock.systemUTC())
                .code(new Code("0.id", "0".repeat(32), storing), FrameCodes.LIFETIME);
        try (S3Connection connection = new S3Connection(NOWHERE, new AccessKeys("a", "b"), null);
                TokenizerServer server = server(connection, 32)) {
            server.start();
            Api api = new Api(URI.create("http://127.0.0.1:" + server.port()));
            List<CompletableFuture<Answer>> redemptions = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                redemptions.add(CompletableFuture.supplyAsync(() -> redeem(api, code), Thread::startVirtualThread));
            }
            assertThat(entered.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
            refused(redeem(api, code), 429, "tooManyRequests");
            refused(api.send(api.request("/session/ensure").GET()), 429, "tooManyRequests");
            assertThat(refusals("login")).isEqualTo(2);
            refused(redeem(api, "a.b.c"), 429, "tooManyRequests");
            mayLeave.release(3);
            for (CompletableFuture<Answer> redemption : redemptions) {
                refused(redemption.get(30, TimeUnit.SECONDS), 400, "invalidCode");
            }
            refused(detokenize(api, "application one"), 403, "noGrant");
        }
    }

    private static Answer redeem(Api api, String code) {
        return api.send(api.request("/session/redeem")
                .header("Origin", "https://vault.example.com")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(
                        "{\"code\":\"" + code + "\",\"nonce\":\"00112233445566778899aabbccddeeff\"}")));
    }

    @Test
    void allCallersOfTheSimpleApiTogetherGetThreeQuartersOfThePlaces() throws Exception {
        try (S3Connection connection = new S3Connection(NOWHERE, new AccessKeys("a", "b"), null);
                TokenizerServer server = server(connection, 4)) {
            server.start();
            Api api = new Api(URI.create("http://127.0.0.1:" + server.port()));
            List<CompletableFuture<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                calls.add(CompletableFuture.supplyAsync(() -> simpleDetokenize(api), Thread::startVirtualThread));
            }
            assertThat(entered.tryAcquire(3, 30, TimeUnit.SECONDS)).isTrue();
            refused(simpleDetokenize(api), 429, "tooManyRequests");
            assertThat(refusals("anonymous")).isEqualTo(1);
            mayLeave.release(4);
            refused(detokenize(api, "application one"), 403, "noGrant");
            for (CompletableFuture<Answer> call : calls) refused(call.get(30, TimeUnit.SECONDS), 403, "noGrant");
        }
    }

    @Test
    void aCallThatEndsWithAnErrorOfJavaCountsAsFailedAndLeavesItsPlace() throws Exception {
        try (S3Connection connection = new S3Connection(NOWHERE, new AccessKeys("a", "b"), null);
                TokenizerServer server = server(connection, 1)) {
            server.start();
            Api api = new Api(URI.create("http://127.0.0.1:" + server.port()));
            for (int round = 1; round <= 2; round++) {
                error = new StackOverflowError();
                assertThat(detokenize(api, "application one").status()).isEqualTo(500);
                assertThat(metrics.get("tokenizer.requests")
                                .tag("result", "internalError")
                                .timer()
                                .count())
                        .isEqualTo(round);
            }
        }
    }

    private TokenizerServer server(S3Connection connection, int places) {
        return server(connection, grants(), new SlowStates(), metrics, places);
    }

    static <S extends LoginStates & FrameCodes> TokenizerServer server(
            S3Connection connection, Grants grants, S states, MeterRegistry metrics, int places) {
        Bucket bucket = Bucket.of(connection);
        S3Records records = new S3Records(bucket, KEYRING);
        S3DataObjects objects = new S3DataObjects(bucket, connection.signer(), () -> false);
        Duration minute = Duration.ofMinutes(1);
        return new TokenizerServer(
                new Listener(InetAddress.getLoopbackAddress(), 0, null),
                new Vault(
                        KEYRING,
                        records,
                        objects,
                        grants,
                        new Limits(1, false, minute, minute, minute),
                        new Erasure(
                                KEYRING,
                                records,
                                new S3ErasureMarkers(bucket, KEYRING),
                                objects,
                                grants,
                                minute,
                                Clock.systemUTC()),
                        new RecordCopies(false, KEYRING, grants, records, Clock.systemUTC()),
                        Clock.systemUTC()),
                BusyTest::caller,
                new Logins(List.of(SHOP), BusyTest::caller, states, Clock.systemUTC()),
                new FrameSessions(new FrameTokens(KEYRING, List.of(SHOP), Clock.systemUTC()), states),
                new FramePage(
                        new Frame("https://vault.example.com", List.of()),
                        "https://store.example.com/",
                        FrameFiles.load()),
                true,
                new AuditLog(),
                metrics,
                places);
    }

    /** Credentials are the kind and the session of a user, or the name of an application. */
    private static Caller caller(String credentials) {
        String name = credentials.substring(credentials.indexOf(' ') + 1);
        return credentials.startsWith("user")
                ? new Caller(Kind.USER, "shop/user", "shop/user", "shop", name, EnumSet.allOf(Action.class))
                : new Caller(
                        Kind.APPLICATION,
                        "serviceaccount:shop/" + name,
                        "serviceaccount:shop/" + name,
                        "shop",
                        "",
                        EnumSet.allOf(Action.class));
    }

    private Grants grants() {
        return (Grants) Proxy.newProxyInstance(
                Grants.class.getClassLoader(), new Class<?>[] {Grants.class}, (proxy, method, arguments) -> {
                    if (error != null) throw error;
                    entered.release();
                    mayLeave.acquireUninterruptibly();
                    throw new CallFailed(ErrorCode.NO_GRANT, "There is no grant.");
                });
    }

    private final class SlowStates implements LoginStates, FrameCodes {
        @Override
        public String begin(String issuer) {
            entered.release();
            mayLeave.acquireUninterruptibly();
            return "state";
        }

        @Override
        public boolean take(String state, String issuer) {
            return false;
        }

        @Override
        public String begin(String application, String nonce) {
            throw new IllegalStateException("no test makes a code by a call");
        }

        @Override
        public boolean take(String application, String id, String nonce) {
            entered.release();
            mayLeave.acquireUninterruptibly();
            return false;
        }
    }

    private double refusals(String reason) {
        return metrics.get("tokenizer.requests.refused")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private static Answer simpleDetokenize(Api api) {
        return api.send(api.request("/.lunasec/detokenize")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(Api.of(Api.unknownToken()))));
    }

    private static Answer detokenize(Api api, String credentials) {
        return api.post("/detokenize", credentials, Api.of(Api.unknownToken()));
    }

    private static CompletableFuture<Answer> call(Api api, String credentials) {
        return CompletableFuture.supplyAsync(() -> detokenize(api, credentials), Thread::startVirtualThread);
    }
}
