package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.TokenizerSettings.VaultName;
import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.tokenizer.audit.AuditLog;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.RedisGrants;
import dev.lunasec.tokenizer.http.Listener;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.S3DataObjects;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.store.S3Records;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.vault.Erasure;
import dev.lunasec.tokenizer.vault.Limits;
import dev.lunasec.tokenizer.vault.Vault;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server with two places, whose callers stay as long as they are kept; nothing behind it is ever asked. */
@Tag("embedded")
class BusyTest {
    private static final Keyring KEYRING = TestKeyring.of(1, 1);
    private static final StoreLocation NOWHERE =
            new StoreLocation("vault", "us-east-1", URI.create("http://127.0.0.1:1"), true);

    private final Semaphore entered = new Semaphore(0);
    private final Semaphore mayLeave = new Semaphore(0);

    @Test
    void whoeverFindsNoPlaceIsToldToComeAgain() throws Exception {
        try (RedisGrants grants = new RedisGrants("redis://127.0.0.1:1", null, Duration.ofHours(1));
                S3Connection connection = new S3Connection(NOWHERE, new AccessKeys("a", "b"), null);
                TokenizerServer server = server(grants, connection)) {
            server.start();
            Api api = new Api(URI.create("http://127.0.0.1:" + server.port()));
            CompletableFuture<Answer> one = call(api);
            CompletableFuture<Answer> two = call(api);
            assertThat(entered.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 3; i++) {
                Answer busy = api.post("/tokenize", "jwt", "{}");
                refused(busy, 429, "tooManyRequests");
                assertThat(busy.headers().firstValue("retry-after")).hasValue("2");
            }
            mayLeave.release(2);
            refused(one.get(30, TimeUnit.SECONDS), 401, "unauthenticated");
            refused(two.get(30, TimeUnit.SECONDS), 401, "unauthenticated");
            // Who was turned away has left no place taken, and nobody has given back one too many.
            CompletableFuture<Answer> three = call(api);
            CompletableFuture<Answer> four = call(api);
            assertThat(entered.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
            refused(api.post("/tokenize", "jwt", "{}"), 429, "tooManyRequests");
            mayLeave.release(2);
            CompletableFuture.allOf(three, four).get(30, TimeUnit.SECONDS);
        }
    }

    private TokenizerServer server(RedisGrants grants, S3Connection connection) {
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
                                new VaultName("payments", "vault"),
                                records,
                                new S3ErasureMarkers(bucket),
                                objects,
                                grants,
                                minute,
                                Clock.systemUTC()),
                        Clock.systemUTC()),
                credentials -> {
                    entered.release();
                    mayLeave.acquireUninterruptibly();
                    throw new CallFailed(ErrorCode.UNAUTHENTICATED, "Nobody is known here.");
                },
                new AuditLog(),
                new SimpleMeterRegistry(),
                2);
    }

    private static CompletableFuture<Answer> call(Api api) {
        return CompletableFuture.supplyAsync(() -> api.post("/tokenize", "jwt", "{}"), Thread::startVirtualThread);
    }
}
