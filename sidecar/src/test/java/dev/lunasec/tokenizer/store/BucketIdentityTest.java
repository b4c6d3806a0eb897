package dev.lunasec.tokenizer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.IdentityProof;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.testbed.EverythingLogged;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.testing.VaultBucket;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.RecordId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * Which requests a tokenizer and a maintenance command send to a bucket that is, is not, or may not be their vault's.
 */
@Tag("embedded")
@Timeout(60)
class BucketIdentityTest {
    private static final byte[] LOOKUP = new byte[32];
    private static final String FOREIGN = "vault/" + "0".repeat(32);
    private static final String KEY = "records/1/" + "1".repeat(32);
    private static final long MINUTE = 60_000_000_000L;

    @AutoClose
    private final VaultBucket store = new VaultBucket();

    @AutoClose
    private final S3Connection connection = store.connection();

    private final Bucket direct = Bucket.of(connection);
    private final IdentityProof proof = IdentityProof.of(connection, LOOKUP);

    @Test
    void aTokenizerWritesNothingWhileTheBucketIsWrongAndGoesOnReading() {
        BucketIdentity identity = new BucketIdentity(proof);
        Bucket bucket = identity.bucket(connection);
        store.identify(LOOKUP);
        identity.check();
        put(bucket);
        direct.put(FOREIGN, new byte[1], "text/plain");
        try (EverythingLogged logged = new EverythingLogged()) {
            identity.check();
            identity.check();
            assertThat(logged.text()).containsOnlyOnce("nothing is written into it");
        }
        refused(() -> put(bucket), ErrorCode.WRONG_BUCKET);
        refused(() -> bucket.delete(KEY), ErrorCode.WRONG_BUCKET);
        refused(() -> bucket.copy(KEY, null, "quarantine/1/x"), ErrorCode.WRONG_BUCKET);
        assertThat(bucket.get(KEY)).isPresent();
        assertThat(bucket.exists(KEY)).isTrue();
        assertThat(bucket.listing().objects("records/", "")).hasSize(1);
        direct.delete(FOREIGN);
        identity.check();
        put(bucket);
    }

    @Test
    void aTokenizerThatFindsNoRecordAsksAtOnceWhetherTheBucketWasExchanged() {
        BucketIdentity identity = new BucketIdentity(proof);
        S3Records records = new S3Records(identity.bucket(connection), TestKeyring.of(1, 1));
        RecordId unknown = new RecordId("1".repeat(32));
        store.identify(LOOKUP);
        identity.check();
        assertThat(records.find(unknown)).isEmpty();
        assertThat(records.exists(unknown)).isFalse();
        direct.put(FOREIGN, new byte[1], "text/plain");
        refused(() -> records.exists(unknown), ErrorCode.WRONG_BUCKET);
        refused(() -> records.find(unknown), ErrorCode.WRONG_BUCKET);
    }

    @Test
    void aQuestionThatWasAskedBeforeTheExchangeOfTheBucketDoesNotCount() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        WatchedS3 held = new WatchedS3(connection.s3(), new WatchedS3.Watch() {
            @Override
            public void after(S3Request request) {
                if (!(request instanceof GetObjectRequest)) return;
                answered.countDown();
                awaitRelease(mayEnd);
            }
        });
        store.identify(LOOKUP);
        BucketIdentity identity = new BucketIdentity(new IdentityProof(held, VaultBucket.NAME, LOOKUP));
        Thread check = Thread.startVirtualThread(identity::check);
        answered.await();
        direct.put(FOREIGN, new byte[1], "text/plain");
        S3Records records = new S3Records(identity.bucket(connection), TestKeyring.of(1, 1));
        FutureTask<Boolean> search = new FutureTask<>(() -> records.exists(new RecordId("1".repeat(32))));
        Thread caller = Thread.ofPlatform().start(search);
        await().until(() -> caller.getState() == Thread.State.WAITING || !caller.isAlive());
        mayEnd.countDown();
        assertThatThrownBy(search::get).cause().hasMessageContaining("not the one of this vault");
        check.join();
    }

    @Test
    void anAbsentIdentityIsWrongAndAStoreThatDoesNotAnswerChangesNothing() {
        BucketIdentity identity = new BucketIdentity(proof);
        store.stop();
        identity.check();
        assertThat(identity.isWrong()).isFalse();
        store.restart();
        identity.check();
        assertThat(identity.isWrong()).isTrue();
        store.stop();
        identity.check();
        assertThat(identity.isWrong()).isTrue();
    }

    @Test
    void aMaintenanceCommandNeedsAProofOfTheLastMinuteForEachRequest() {
        AtomicLong nanos = new AtomicLong(-MINUTE / 2);
        Bucket bucket = new FreshProof(proof, nanos::get).bucket(connection);
        refused(() -> bucket.get(KEY), ErrorCode.WRONG_BUCKET);
        store.identify(LOOKUP);
        put(bucket);
        direct.put(FOREIGN, new byte[1], "text/plain");
        nanos.addAndGet(MINUTE - 1);
        put(bucket);
        nanos.addAndGet(1);
        refused(() -> put(bucket), ErrorCode.WRONG_BUCKET);
        direct.delete(FOREIGN);
        put(bucket);
    }

    @Test
    void aMaintenanceCommandWaitsForAStoreThatDoesNotAnswer() {
        store.identify(LOOKUP);
        Bucket bucket = new FreshProof(proof).bucket(connection);
        store.stop();
        refused(() -> put(bucket), ErrorCode.STORAGE_UNAVAILABLE);
        store.restart();
        put(bucket);
    }

    private static void awaitRelease(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void put(Bucket bucket) {
        bucket.put(KEY, new byte[1], "text/plain");
    }

    private static void refused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CallFailed.class, e -> assertThat(e.failure()).isEqualTo(code));
    }
}
