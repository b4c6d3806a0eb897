package dev.lunasec.tokenizer.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.VersionListing.Version;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.RedisGrants;
import dev.lunasec.tokenizer.job.StoreRetry;
import dev.lunasec.tokenizer.job.Sweep;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.store.S3DataObjects;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.store.S3Records;
import dev.lunasec.tokenizer.testing.Death;
import dev.lunasec.tokenizer.testing.Lockstep;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.testing.VaultBucket;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.ErasureClaims;
import dev.lunasec.tokenizer.token.ErasureMarker;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.Payload;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.Token;
import io.lettuce.core.RedisClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * An erasure that stops anywhere, or is not the only one, in a real store and a real Redis while two shares are live.
 */
@Tag("embedded")
class ErasureTest {
    private static final Keyring BEFORE = TestKeyring.of(1, 1);
    private static final Keyring KEYRING = TestKeyring.of(2, 1, 2);
    private static final long SECONDS = 1_767_225_600;

    /**
     * The requests of an erasure: the record under 2? and 1?, the marker?, put; of each of six names its uploads? and
     * versions?, and of the two that exist also a delete, and both questions again.
     */
    private static final int REQUESTS = 4 + 6 * 2 + 2 * 3;

    private static final int ORDERS = 120;

    @RegisterExtension
    private static final StoreAndRedis parts = new StoreAndRedis();

    private static final S3Connection connection = parts.connection;
    private static final Bucket bucket = parts.bucket;
    private static final RedisGrants grants = parts.grants;

    @Test
    void theMarkerAloneIsLeftAndItIsNoReceipt() throws Exception {
        Token token = token();
        String receipt = erasure(connection.s3(), 0).erase(identified(token));
        assertThat(parts.all()).containsExactly(marker(token));
        ErasureClaims claims = claims(token);
        assertThat(claims)
                .isEqualTo(new ErasureClaims(
                        KEYRING.vaultId(),
                        id(token),
                        KEYRING.objectName(token),
                        Instant.ofEpochSecond(SECONDS),
                        List.of(1, 2)));
        assertThat(receipt).isEqualTo(KEYRING.receiptKey().sign(claims, token));
        assertThat(text(bucket.get(marker(token)).orElseThrow())).doesNotContain(receipt.split("[.]", 3));
    }

    /** So erasures cannot take all connections to the store. */
    @Test
    void anErasureOverTheBoundWaitsForOthersButNotForLong() throws Exception {
        Semaphore begun = new Semaphore(0);
        Semaphore mayEnd = new Semaphore(0);
        S3Client slow = new WatchedS3(connection.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                if (!(request instanceof PutObjectRequest)) return;
                begun.release();
                mayEnd.acquireUninterruptibly();
            }
        });
        Erasure erasure = erasure(slow, 0);
        Supplier<CompletableFuture<String>> begin = () -> {
            IdentifiedToken token = identified(token());
            return CompletableFuture.supplyAsync(() -> erasure.erase(token), Thread::startVirtualThread);
        };
        List<CompletableFuture<String>> all =
                new ArrayList<>(Stream.generate(begin).limit(Limits.ERASURES).toList());
        assertThat(begun.tryAcquire(Limits.ERASURES, 30, TimeUnit.SECONDS)).isTrue();
        assertThat(erasure.active()).isEqualTo(Limits.ERASURES);
        IdentifiedToken refused = identified(token());
        assertThatThrownBy(() -> erasure.erase(refused))
                .isInstanceOfSatisfying(
                        CallFailed.class,
                        failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS));
        assertThat(begun.availablePermits()).isZero();
        all.add(begin.get());
        mayEnd.release();
        assertThat(begun.tryAcquire(30, TimeUnit.SECONDS))
                .as("it has got its turn")
                .isTrue();
        mayEnd.release(all.size());
        for (CompletableFuture<String> one : all)
            assertThat(one.get(30, TimeUnit.SECONDS)).isNotEmpty();
        assertThat(erasure.active()).isZero();
    }

    @Test
    void theSecondTimeTheFirstReceiptIsTheAnswer() {
        Token token = token();
        String first = erasure(connection.s3(), 0).erase(identified(token));
        assertThat(erasure(connection.s3(), 100).erase(identified(token))).isEqualTo(first);
        parts.redis.command("FLUSHALL");
        assertThat(erasure(connection.s3(), 200).erase(identified(token))).isEqualTo(first);
        assertThat(parts.all()).containsExactly(marker(token));
        assertThatThrownBy(() -> grants.requireNotErased(id(token)))
                .as("it is marked again, in case that a pod has it in memory")
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.UNKNOWN_TOKEN));
    }

    @Test
    void theMarkInRedisOutlivesTheLongestGrantThatWasGivenBefore() {
        Token token = token();
        erasure(connection.s3(), 0).erase(identified(token));
        try (RedisClient client = RedisClient.create(parts.redis.url())) {
            long lives = client.connect().sync().pttl("erased:{" + id(token) + "}");
            assertThat(Duration.ofMillis(lives)).isBetween(Duration.ofMinutes(65), Duration.ofMinutes(70));
        }
    }

    @Test
    void aTokenThatNobodyMadeIsNotErased() {
        Token token = Token.random();
        assertThatThrownBy(() -> erasure(connection.s3(), 0).erase(identified(token)))
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.UNKNOWN_TOKEN));
        assertThat(parts.all()).isEmpty();
        assertThatThrownBy(() -> grants.check("anybody", id(token)))
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.NO_GRANT));
    }

    @Test
    void aRecordThatCannotBeReadCanBeErased() {
        Token unreadable = token();
        bucket.put(Layout.record(1, id(unreadable)), utf8("no record"), "text/plain");
        Token quarantined = token();
        bucket.copy(Layout.record(1, id(quarantined)), null, Layout.quarantined(1, id(quarantined)));
        bucket.delete(Layout.record(1, id(quarantined)));
        erasure(connection.s3(), 0).erase(identified(unreadable));
        erasure(connection.s3(), 0).erase(identified(quarantined));
        assertThat(parts.all()).containsExactlyInAnyOrder(marker(unreadable), marker(quarantined));
    }

    @Test
    void aMarkerThatThisVaultDidNotWriteForThisRecordIsWrittenAnew() throws Exception {
        Token other = token();
        erasure(connection.s3(), 0).erase(identified(other));
        for (byte[] forged : List.of(utf8("nonsense"), bucket.get(marker(other)).orElseThrow())) {
            Token token = token();
            bucket.put(marker(token), forged, "text/plain");
            String receipt = erasure(connection.s3(), 100).erase(identified(token));
            assertThat(receipt).isEqualTo(KEYRING.receiptKey().sign(claims(token), token));
            assertThat(claims(token).erased()).isEqualTo(Instant.ofEpochSecond(SECONDS + 100));
        }
    }

    @Test
    void aReceiptThatIsMadeAfterARotationNamesTheSharesOfBothTimes() throws Exception {
        Token token = token();
        erasure(connection.s3(), 0).erase(identified(token));
        Keyring rotated = TestKeyring.of(3, 2, 3);
        String receipt = erasure(rotated, connection.s3(), grants, 100).erase(identified(token));
        assertThat(receipt).isEqualTo(rotated.receiptKey().sign(claims(token).withShares(List.of(3)), token));
        assertThat(claims(token).shares()).as("the marker stays").containsExactly(1, 2);
    }

    @Test
    void whileAVersionCannotBeDeletedThereIsNoReceiptAnywhereAndTheNextErasureContinues() throws Exception {
        try (StoreAndRedis versioned = new StoreAndRedis()) {
            S3Client s3 = versioned.connection.s3();
            s3.putBucketVersioning(put -> put.bucket(VaultBucket.NAME)
                    .versioningConfiguration(c -> c.status(BucketVersioningStatus.ENABLED)));
            Token token = token(versioned.bucket);
            WatchedS3 denied = new WatchedS3(s3, new WatchedS3.Watch() {
                @Override
                public void before(S3Request request) {
                    if (request instanceof DeleteObjectRequest) throw accessDenied();
                }
            });
            assertThatThrownBy(
                            () -> erasure(KEYRING, denied, versioned.grants, 0).erase(identified(token)))
                    .isInstanceOfSatisfying(CallFailed.class, failed -> {
                        assertThat(failed.failure()).isEqualTo(ErrorCode.ERASURE_INCOMPLETE);
                        assertThat(failed.failure().status()).isEqualTo(503);
                    });
            for (Version version : versioned.bucket.listing().versions("", "")) {
                byte[] content = versioned
                        .bucket
                        .get(version.name(), version.id())
                        .orElseThrow()
                        .content();
                assertThat(text(content)).doesNotContain("eyJ0eXAi");
            }
            String receipt = erasure(KEYRING, s3, versioned.grants, 100).erase(identified(token));
            assertThat(versioned.bucket.listing().versions("", ""))
                    .extracting(Version::name)
                    .containsExactly(marker(token));
            ErasureClaims claims = ErasureMarker.read(
                            versioned.bucket.get(marker(token)).orElseThrow(), id(token), KEYRING)
                    .orElseThrow();
            assertThat(claims.erased()).as("of the first call").isEqualTo(Instant.ofEpochSecond(SECONDS));
            assertThat(receipt).isEqualTo(KEYRING.receiptKey().sign(claims, token));
        }
    }

    @Test
    void aSweepDeletesAValueWhoseUploadEndedAfterTheErasure() throws Exception {
        Token token = token();
        erasure(connection.s3(), 0).erase(identified(token));
        bucket.put(Layout.object(KEYRING.objectName(token)), utf8("late"), "text/plain");
        new Sweep(bucket, KEYRING, Instant.EPOCH, new StoreRetry(Duration.ofSeconds(1))).run();
        assertThat(parts.all()).containsExactly(marker(token));
    }

    @Test
    void afterADeathAnywhereTheNextErasureLeavesTheMarkerAlone() throws Exception {
        int moment = 1;
        for (boolean died = true; died; moment++) {
            parts.clear();
            Token token = token();
            Death death = new Death(moment);
            died = Death.of(
                    () -> erasure(new WatchedS3(connection.s3(), death), 0).erase(identified(token)));
            assertThat(died).isEqualTo(death.came());
            String receipt = erasure(connection.s3(), 100).erase(identified(token));
            assertThat(parts.all()).as("death %d", moment).containsExactly(marker(token));
            assertThat(receipt).isEqualTo(KEYRING.receiptKey().sign(claims(token), token));
            assertThat(erasure(connection.s3(), 200).erase(identified(token))).isEqualTo(receipt);
        }
        assertThat(moment).isGreaterThan(2 * REQUESTS);
    }

    @Test
    void afterADeathAnywhereASweepEndsWhatWasBegun() throws Exception {
        int ended = 0;
        int moment = 1;
        for (boolean died = true; died; moment++) {
            parts.clear();
            Token token = token();
            Death death = new Death(moment);
            died = Death.of(
                    () -> erasure(new WatchedS3(connection.s3(), death), 0).erase(identified(token)));
            List<String> before = parts.all();
            new Sweep(bucket, KEYRING, Instant.EPOCH, new StoreRetry(Duration.ofSeconds(1))).run();
            if (before.contains(marker(token))) {
                ended++;
                assertThat(parts.all()).as("death %d", moment).containsExactly(marker(token));
            } else {
                assertThat(parts.all())
                        .as("death %d: nothing was begun", moment)
                        .isEqualTo(before);
                assertThat(before).hasSize(2);
            }
        }
        assertThat(ended).isGreaterThan(REQUESTS);
    }

    /** Each pod has a clock of its own, so two that didn't agree would have two receipts. */
    @Test
    void ofTwoAtTheSameTimeBothHaveTheSameReceipt() {
        for (String order : Lockstep.someOrders('a', REQUESTS, 'b', REQUESTS, ORDERS)) {
            Token token = token();
            Set<String> receipts = ConcurrentHashMap.newKeySet();
            new Lockstep(connection.s3(), order)
                    .with('a', s3 -> receipts.add(erasure(s3, 0).erase(identified(token))))
                    .with('b', s3 -> receipts.add(erasure(s3, 100).erase(identified(token))))
                    .run();
            assertThat(receipts).as(order).hasSize(1);
            assertThat(receipts).containsExactly(KEYRING.receiptKey().sign(claims(token), token));
            assertThat(bucket.exists(Layout.record(1, id(token)))).isFalse();
        }
    }

    @Test
    void withoutRedisNothingIsBegun() {
        Token token = token();
        List<String> before = parts.all();
        try (RedisGrants away = new RedisGrants("redis://127.0.0.1:1", null, Duration.ofHours(1))) {
            assertThatThrownBy(() -> erasure(connection.s3(), away, 0).erase(identified(token)))
                    .isInstanceOfSatisfying(
                            CallFailed.class,
                            failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.GRANTS_UNAVAILABLE));
        }
        assertThat(parts.all()).isEqualTo(before);
    }

    private static IdentifiedToken identified(Token token) {
        return new IdentifiedToken(token, KEYRING.recordId(token));
    }

    private static Erasure erasure(S3Client s3, int later) {
        return erasure(s3, grants, later);
    }

    private static Erasure erasure(S3Client s3, RedisGrants by, int later) {
        return erasure(KEYRING, s3, by, later);
    }

    private static Erasure erasure(Keyring keyring, S3Client s3, RedisGrants by, int later) {
        Bucket own = new Bucket(s3, VaultBucket.NAME);
        return new Erasure(
                keyring,
                new S3Records(own, keyring),
                new S3ErasureMarkers(own, keyring),
                new S3DataObjects(own, connection.signer(), () -> false),
                by,
                Duration.ofHours(1),
                Clock.fixed(Instant.ofEpochSecond(SECONDS + later, 999_999_999), ZoneOffset.UTC));
    }

    /** With a record under share 1, and a value. */
    private static Token token() {
        return token(bucket);
    }

    private static Token token(Bucket bucket) {
        Token token = Token.random();
        Payload payload = Payload.withNewKey(new byte[0], OptionalLong.empty(), "");
        new S3Records(bucket, BEFORE)
                .put(
                        new RecordCipher(BEFORE).seal(token, payload, Instant.ofEpochSecond(SECONDS), null),
                        BEFORE.objectName(token));
        bucket.put(Layout.object(KEYRING.objectName(token)), utf8("a value"), "text/plain");
        return token;
    }

    private static ErasureClaims claims(Token token) {
        return ErasureMarker.read(bucket.get(marker(token)).orElseThrow(), id(token), KEYRING)
                .orElseThrow();
    }

    private static S3Exception accessDenied() {
        return (S3Exception) S3Exception.builder().statusCode(403).build();
    }

    private static String marker(Token token) {
        return Layout.erased(id(token));
    }

    private static RecordId id(Token token) {
        return KEYRING.recordId(token);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
