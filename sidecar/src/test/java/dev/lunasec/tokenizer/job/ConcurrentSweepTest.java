package dev.lunasec.tokenizer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.S3Request;

/** A sweep works on several digits at the same time: four erased records of each of them. */
@Tag("embedded")
@Timeout(60)
class ConcurrentSweepTest {
    private static final int OF_EACH_DIGIT = 4;
    private static final StoreRetry SHORT = new StoreRetry(Duration.ofSeconds(1));

    @RegisterExtension
    private static final Rotating vault = new Rotating();

    @BeforeEach
    void erased() {
        for (String digit : Digits.ALL) {
            for (int i = 0; i < OF_EACH_DIGIT; i++) {
                RecordId id = new RecordId(digit.repeat(31) + i);
                vault.mark(id);
                vault.put("records/1/" + id);
            }
        }
    }

    @Test
    void severalDigitsAreListedAtTheSameTime() throws Exception {
        CountDownLatch listings = new CountDownLatch(Digits.AT_ONCE);
        WatchedS3 watched = new WatchedS3(vault.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                if (request instanceof ListObjectsV2Request) awaitAll(listings);
            }
        });
        assertThat(sweep(watched).records()).isEqualTo(16 * OF_EACH_DIGIT);
    }

    /** The deletions of all digits together are as many as those of other jobs. */
    @Test
    void allDigitsTogetherHaveTheUsualNumberOfRequestsAtTheSameTime() throws Exception {
        CountDownLatch deletions = new CountDownLatch(BoundedParallel.USUAL);
        AtomicInteger active = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        WatchedS3 watched = new WatchedS3(vault.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                most.accumulateAndGet(active.incrementAndGet(), Math::max);
                // Of a marker, before its record is deleted.
                if (request instanceof GetObjectRequest) awaitAll(deletions);
            }

            @Override
            public void after(S3Request request) {
                active.decrementAndGet();
            }
        });
        assertThat(sweep(watched).records()).isEqualTo(16 * OF_EACH_DIGIT);
        assertThat(most.get()).isEqualTo(BoundedParallel.USUAL);
        assertThat(active.get()).isZero();
    }

    @Test
    void aStoreThatDoesNotListOneDigitFailsTheSweep() throws Exception {
        WatchedS3 broken = new WatchedS3(vault.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                if (!(request instanceof ListObjectsV2Request list)) return;
                if (list.prefix().equals("erased/7")) throw SdkClientException.create("no answer");
            }
        });
        assertThatThrownBy(() -> sweep(broken))
                .isInstanceOfSatisfying(
                        CallFailed.class,
                        failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE));
        assertThat(vault.all("records/1/7")).hasSize(OF_EACH_DIGIT);
        sweep(vault.s3());
        assertThat(vault.all("records/")).isEmpty();
    }

    private static Sweep.Done sweep(S3Client s3) throws InterruptedException {
        return new Sweep(Rotating.by(s3), Rotating.KEYRING, Instant.MAX, SHORT).run();
    }

    /** Waits until as many requests have come as the latch counts. */
    private static void awaitAll(CountDownLatch requests) {
        requests.countDown();
        try {
            if (!requests.await(30, TimeUnit.SECONDS)) throw new IllegalStateException("no other request came");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
