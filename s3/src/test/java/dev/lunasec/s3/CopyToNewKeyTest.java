package dev.lunasec.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.lunasec.s3.CopyToNewKey.KeyedObject;
import dev.lunasec.s3.CopyToNewKey.Result;
import dev.lunasec.testbed.EmbeddedStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;

/** Copies from key to key in a real store, with one request and with several. */
@Tag("embedded")
class CopyToNewKeyTest {
    private static final AccessKeys KEYS = new AccessKeys("local-access", "local-secret");
    private static final String BUCKET = "vault";
    private static final int SMALLEST_PART = 5 << 20;

    @AutoClose
    private static final EmbeddedStore store = new EmbeddedStore(KEYS.accessKeyId(), KEYS.secretAccessKey());

    @AutoClose
    private static final S3Connection connection =
            new S3Connection(new StoreLocation(BUCKET, "us-east-1", store.endpoint(), true), KEYS, null);

    private static final S3Client s3 = connection.s3();

    @BeforeAll
    static void createBucket() {
        s3.createBucket(create -> create.bucket(BUCKET));
    }

    @Test
    void theCopyOpensWithTheNewKeyAlone() {
        KeyedObject from = keyed("small", 1);
        KeyedObject to = keyed("small-copy", 2);
        byte[] content = put(from, 1000);
        assertThat(new CopyToNewKey(s3, BUCKET).copy(from, to)).isEqualTo(Result.COPIED);
        assertThat(get(to)).isEqualTo(content);
        assertThatThrownBy(() -> get(new KeyedObject(to.name(), from.key()))).isInstanceOf(S3Exception.class);
        assertThat(get(from)).as("it stays as it was").isEqualTo(content);
    }

    @Test
    void whatIsLargeIsCopiedInParts() {
        KeyedObject from = keyed("large", 1);
        KeyedObject to = keyed("large-copy", 2);
        byte[] content = put(from, 2 * SMALLEST_PART + 1);
        assertThat(new CopyToNewKey(s3, BUCKET, SMALLEST_PART, System::nanoTime).copy(from, to))
                .isEqualTo(Result.COPIED);
        assertThat(get(to)).isEqualTo(content);
        assertThatThrownBy(() -> get(new KeyedObject(to.name(), from.key()))).isInstanceOf(S3Exception.class);
        assertThat(s3.listMultipartUploads(list -> list.bucket(BUCKET)).uploads())
                .isEmpty();
    }

    @Test
    void aLargerPartHasMoreTime() {
        KeyedObject from = keyed("larger", 1);
        put(from, 33 << 20);
        List<Duration> times = new ArrayList<>();
        S3Client watched = watched(copy -> times.add(copy.overrideConfiguration()
                .flatMap(request -> request.apiCallAttemptTimeout())
                .orElseThrow()));
        new CopyToNewKey(watched, BUCKET, (32 << 20) + 1, System::nanoTime).copy(from, keyed("larger-copy", 2));
        assertThat(times)
                .as("4 s for each 16 MiB that were begun")
                .containsExactly(Duration.ofSeconds(12), Duration.ofSeconds(12));
    }

    @Test
    void aStoreThatIsTooSlowForAllPartsHasNothingLeftOfTheCopy() {
        KeyedObject from = keyed("slow", 1);
        KeyedObject to = keyed("slow-copy", 2);
        put(from, 2 * SMALLEST_PART + 1);
        AtomicLong now = new AtomicLong();
        AtomicInteger begun = new AtomicInteger();
        S3Client slow = watched(copy -> {
            begun.incrementAndGet();
            now.addAndGet(Duration.ofMinutes(5).toNanos());
        });
        assertThatThrownBy(() -> new CopyToNewKey(slow, BUCKET, SMALLEST_PART, now::get).copy(from, to))
                .isInstanceOf(SdkException.class)
                .hasMessageContaining("in time");
        assertThat(begun).hasValue(2);
        assertThat(s3.listMultipartUploads(list -> list.bucket(BUCKET)).uploads())
                .isEmpty();
        assertThatThrownBy(() -> get(to)).isInstanceOf(NoSuchKeyException.class);
    }

    /** A store that says nothing for longer than an attempt usually has. */
    @Test
    void aCallWithMoreTimeWaitsForAStoreThatIsSilent() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        HttpServer silent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicInteger requests = new AtomicInteger();
        silent.createContext("/", exchange -> {
            requests.incrementAndGet();
            try (exchange) {
                boolean ended = never.await(S3Connection.ATTEMPT.toMillis() + 500, TimeUnit.MILLISECONDS);
                exchange.sendResponseHeaders(ended ? 500 : 200, -1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        silent.start();
        URI endpoint = URI.create("http://127.0.0.1:" + silent.getAddress().getPort());
        try (S3Connection slow = new S3Connection(new StoreLocation(BUCKET, "us-east-1", endpoint, true), KEYS, null)) {
            Duration time = Duration.ofSeconds(30);
            slow.s3()
                    .headBucket(head -> head.bucket(BUCKET)
                            .overrideConfiguration(request ->
                                    request.apiCallAttemptTimeout(time).apiCallTimeout(time)));
            assertThat(requests).hasValue(1);
        } finally {
            silent.stop(0);
        }
    }

    private static S3Client watched(Consumer<UploadPartCopyRequest> before) {
        return new DelegatingS3Client(s3) {
            @Override
            public UploadPartCopyResponse uploadPartCopy(UploadPartCopyRequest request) {
                before.accept(request);
                return super.uploadPartCopy(request);
            }
        };
    }

    @Test
    void whereThereIsNothingNothingIsCopied() {
        assertThat(new CopyToNewKey(s3, BUCKET).copy(keyed("nothing", 1), keyed("nothing-copy", 2)))
                .isEqualTo(Result.ABSENT);
    }

    private static KeyedObject keyed(String name, int key) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) key;
        return new KeyedObject(name, new SseCustomerKey(bytes));
    }

    private static byte[] put(KeyedObject object, int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        s3.putObject(
                put -> put.bucket(BUCKET)
                        .key(object.name())
                        .sseCustomerAlgorithm("AES256")
                        .sseCustomerKey(object.key().base64())
                        .sseCustomerKeyMD5(object.key().md5()),
                RequestBody.fromBytes(content));
        return content;
    }

    private static byte[] get(KeyedObject object) {
        return s3.getObjectAsBytes(get -> get.bucket(BUCKET)
                        .key(object.name())
                        .sseCustomerAlgorithm("AES256")
                        .sseCustomerKey(object.key().base64())
                        .sseCustomerKeyMD5(object.key().md5()))
                .asByteArray();
    }
}
