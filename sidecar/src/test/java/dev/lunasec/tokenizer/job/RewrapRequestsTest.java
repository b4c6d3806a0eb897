package dev.lunasec.tokenizer.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.RewrapEnvironment;
import dev.lunasec.contract.VaultFiles;
import dev.lunasec.tokenizer.testing.SmallPages;
import dev.lunasec.tokenizer.testing.WatchedS3;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.S3Request;

/** What a worker asks of the store, and when. */
@Tag("embedded")
class RewrapRequestsTest {
    private static final int RECORDS = 60;

    /** Each of the two passes lists the records and the strays of two folders; an empty page ends a listing. */
    private static final int LISTINGS = 2 * 4 + 1;

    @RegisterExtension
    private static final Rotating vault = new Rotating();

    @Test
    void aRecordTakesFourRequestsAndTheListingsTakeFew() throws Exception {
        records();
        Map<String, Integer> asked = new ConcurrentHashMap<>();
        rewrap(new WatchedS3(vault.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                asked.merge(request.getClass().getSimpleName(), 1, Integer::sum);
            }
        }));
        assertThat(asked)
                .isEqualTo(Map.of(
                        "GetObjectRequest", 2 * RECORDS,
                        "PutObjectRequest", RECORDS,
                        "DeleteObjectRequest", RECORDS,
                        "ListObjectVersionsRequest", LISTINGS));
    }

    @Test
    void theWorkerListsTheNextPageWhileRecordsMove() throws Exception {
        records();
        CountDownLatch pages = new CountDownLatch(3);
        Queue<Boolean> listed = new ConcurrentLinkedQueue<>();
        WatchedS3 watched = new WatchedS3(vault.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                if (request instanceof ListObjectVersionsRequest) pages.countDown();
                if (request instanceof GetObjectRequest) listed.add(waited(pages));
            }
        });
        rewrap(new SmallPages(watched, 7));
        assertThat(listed).containsOnly(true);
        assertThat(vault.all("records/2/")).hasSize(RECORDS);
    }

    /** The first record waits for the third page, which a worker that moves one page after the other never asks for. */
    private static boolean waited(CountDownLatch pages) {
        try {
            return pages.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void records() {
        for (int i = 0; i < RECORDS; i++) vault.token();
    }

    private static void rewrap(S3Client s3) throws InterruptedException {
        VaultFiles files = new VaultFiles(Path.of("settings.json"), null, Path.of("keyring"), null, null, null);
        RewrapEnvironment task = new RewrapEnvironment(files, 1, 1, 0, null);
        new Rewrap(Rotating.by(s3), Rotating.KEYRING, task, new StoreRetry(Duration.ofSeconds(30))).run();
    }
}
