package dev.lunasec.tokenizer.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.RewrapEnvironment;
import dev.lunasec.contract.VaultFiles;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.SignedRequest;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.GrantUse;
import dev.lunasec.tokenizer.job.AbandonedUploads;
import dev.lunasec.tokenizer.job.Rewrap;
import dev.lunasec.tokenizer.job.StoreRetry;
import dev.lunasec.tokenizer.job.Sweep;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.testing.Death;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.testing.VaultBucket;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.Keyring;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * Uploads in parts that meet a rotation, an erasure, a sweep, or the end of the pod, in a real store and a real Redis.
 */
@Tag("embedded")
class UploadsTest {
    private static final Keyring BEFORE = TestKeyring.of(1, 1);
    private static final Keyring DURING = TestKeyring.of(2, 1, 2);
    private static final Keyring AFTER = TestKeyring.of(2, 2);
    private static final Caller USER = new Caller(Kind.USER, "shop/user", "shop/user", "shop", "session-1", Set.of());
    private static final Duration LEFT = Duration.ofMinutes(1);
    private static final StoreRetry SHORT = new StoreRetry(Duration.ofSeconds(1));

    @RegisterExtension
    private static final StoreAndRedis parts = new StoreAndRedis();

    @AutoClose
    private static final HttpClient http = HttpClient.newHttpClient();

    private static final S3Connection connection = parts.connection;

    private record Upload(IdentifiedToken token, String id) {}

    /** Two hundred parts have 1 GiB on a store with the minimum of S3, so the store takes smaller ones here. */
    @Test
    void twoHundredPartsAreReadBackByteForByte() throws Exception {
        Vault vault = vault(BEFORE, takingSmallParts());
        Upload upload = start(vault);
        Random random = new Random(200);
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        List<SentPart> sent = new ArrayList<>();
        for (int first : new int[] {1, 101}) {
            for (SignedRequest part : vault.uploads().parts(upload.token, upload.id, first, 100, LEFT)) {
                byte[] content = new byte[1 + random.nextInt(3000)];
                random.nextBytes(content);
                value.write(content);
                sent.add(put(sent.size() + 1, part, content));
            }
        }
        vault.uploads().complete(upload.token, upload.id, sent);
        assertThat(read(vault, upload)).isEqualTo(value.toByteArray());
        assertThat(uploads()).isZero();
    }

    @Test
    void anUploadGoesOnDuringARotationAndAfterIt() throws Exception {
        for (Keyring ending : List.of(DURING, AFTER)) {
            parts.clear();
            Upload upload = start(vault(BEFORE));
            List<SentPart> sent = new ArrayList<>(List.of(send(vault(BEFORE), upload, 1, "a value ")));
            if (ending == AFTER) {
                assertThat(rewrap()).isEqualTo(1);
                assertThat(parts.all()).singleElement().asString().startsWith("uploads/2/");
            }
            Vault vault = vault(ending, takingSmallParts());
            sent.add(send(vault, upload, 2, "of two parts"));
            vault.uploads().complete(upload.token, upload.id, sent);
            assertThat(read(vault, upload)).asString().isEqualTo("a value of two parts");
            assertThat(parts.all()).hasSize(2).anyMatch(name -> name.startsWith("records/2/"));
            assertThat(rewrap()).isZero();
            assertThat(read(vault(AFTER), upload)).asString().isEqualTo("a value of two parts");
        }
    }

    @Test
    void afterADeathAnywhereTheSameCallCompletesTheUpload() throws Exception {
        int moment = 1;
        for (boolean died = true; died; moment++) {
            parts.clear();
            Upload upload = start(vault(BEFORE));
            SentPart sent = send(vault(BEFORE), upload, 1, "a value");
            died = Death.of(completing(upload, sent, new Death(moment)));
            vault(BEFORE).uploads().complete(upload.token, upload.id, List.of(sent));
            assertThat(read(vault(BEFORE), upload)).asString().isEqualTo("a value");
            assertThat(parts.all()).noneMatch(name -> name.startsWith("uploads/"));
            assertThatThrownBy(() -> vault(BEFORE).uploads().abort(upload.token, upload.id))
                    .satisfies(failed -> failed(failed, ErrorCode.UNKNOWN_UPLOAD));
        }
        assertThat(moment).as("get, parts, complete, put, marker, delete").isGreaterThan(2 * 6);
    }

    @Test
    void afterADeathAnywhereOfAnAbortNothingIsLeftAfterTheSweep() throws Exception {
        int moment = 1;
        for (boolean died = true; died; moment++) {
            parts.clear();
            Upload upload = start(vault(BEFORE));
            SentPart sent = send(vault(BEFORE), upload, 1, "a value");
            Vault dying = vault(BEFORE, new WatchedS3(connection.s3(), new Death(moment)));
            died = Death.of(() -> dying.uploads().abort(upload.token, upload.id));
            if (died && uploads() > 0) vault(BEFORE).uploads().abort(upload.token, upload.id);
            assertThat(uploads()).as("death %d", moment).isZero();
            assertThatThrownBy(() -> vault(BEFORE).uploads().complete(upload.token, upload.id, List.of(sent)))
                    .satisfies(failed -> failed(failed, ErrorCode.UNKNOWN_UPLOAD));
            new AbandonedUploads(parts.bucket, SHORT)
                    .end(Duration.ofDays(2), Instant.now().plus(Duration.ofDays(1)));
            assertThat(parts.all()).isEmpty();
        }
        assertThat(moment).as("get, abort, head, lists, delete, lists").isGreaterThan(2 * 5);
    }

    /** MinIO aborts an upload by itself after a day. */
    @Test
    void anUploadThatTheStoreHasAbortedIsUnknownToEveryCall() throws Exception {
        parts.clear();
        Upload upload = start(vault(BEFORE));
        SentPart sent = send(vault(BEFORE), upload, 1, "a value");
        abortAtTheStore();
        Vault refused = vault(BEFORE, answeringNoSuchUpload());
        assertThatThrownBy(() -> refused.uploads().parts(upload.token, upload.id, 2, 1, LEFT))
                .satisfies(failed -> failed(failed, ErrorCode.UNKNOWN_UPLOAD));
        for (Vault vault : List.of(refused, vault(BEFORE))) {
            assertThatThrownBy(() -> vault.uploads().complete(upload.token, upload.id, List.of(sent)))
                    .satisfies(failed -> failed(failed, ErrorCode.UNKNOWN_UPLOAD));
        }
    }

    /** The embedded store lists no parts instead. */
    private static S3Client answeringNoSuchUpload() {
        return new WatchedS3(connection.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                if (!(request instanceof ListPartsRequest)) return;
                throw S3Exception.builder()
                        .statusCode(404)
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode("NoSuchUpload")
                                .build())
                        .build();
            }
        });
    }

    @Test
    void aTokenExistsWhileItsValueIsUploadedUntilTheUploadIsAborted() {
        parts.clear();
        Vault vault = vault(BEFORE);
        Upload upload = start(vault);
        assertThat(vault.exists(upload.token)).isTrue();
        vault.uploads().abort(upload.token, upload.id);
        assertThat(vault.exists(upload.token)).isFalse();
    }

    /** A store that completes an upload may answer so before the object can be seen. */
    @Test
    void anAbortOfAnUploadThatTheStoreDoesNotKnowDeletesNothing() {
        parts.clear();
        Upload upload = start(vault(BEFORE));
        abortAtTheStore();
        List<String> before = parts.all();
        assertThatThrownBy(() -> vault(BEFORE).uploads().abort(upload.token, upload.id))
                .satisfies(failed -> failed(failed, ErrorCode.UNKNOWN_UPLOAD));
        assertThat(parts.all()).isEqualTo(before).isNotEmpty();
    }

    @Test
    void anAbortAfterADeathOfTheCompletionLeavesNothingOrTheWholeValue() throws Exception {
        int kept = 0;
        int moment = 1;
        for (boolean died = true; died; moment++) {
            parts.clear();
            Upload upload = start(vault(BEFORE));
            SentPart sent = send(vault(BEFORE), upload, 1, "a value");
            died = Death.of(completing(upload, sent, new Death(moment)));
            try {
                vault(BEFORE).uploads().abort(upload.token, upload.id);
                assertThat(parts.all()).as("death %d", moment).isEmpty();
                assertThat(uploads()).isZero();
            } catch (CallFailed e) {
                failed(e, ErrorCode.UNKNOWN_UPLOAD);
                vault(BEFORE).uploads().complete(upload.token, upload.id, List.of(sent));
                assertThat(read(vault(BEFORE), upload)).asString().isEqualTo("a value");
                kept++;
            }
        }
        assertThat(kept).as("after the store had completed it").isBetween(2, moment - 3);
    }

    @Test
    void anErasureAtAnyMomentOfACompletionIsForGood() throws Exception {
        int moment = 1;
        for (boolean came = true; came; moment++) {
            parts.clear();
            Upload upload = start(vault(BEFORE));
            SentPart sent = send(vault(BEFORE), upload, 1, "a value");
            Erasing erasing = new Erasing(upload.token, moment);
            try {
                completing(upload, sent, erasing).live();
            } catch (CallFailed e) {
                assertThat(e.failure()).isIn(ErrorCode.UNKNOWN_TOKEN, ErrorCode.UNKNOWN_UPLOAD);
            }
            came = erasing.moments >= moment;
            if (!came) continue;
            assertThat(parts.all()).as("erasure %d", moment).containsExactly(Layout.erased(upload.token.recordId()));
            assertThat(uploads()).isZero();
        }
        assertThat(moment).isGreaterThan(2 * 6);
    }

    @Test
    void anUploadThatIsLeftAloneLeavesNothing() throws Exception {
        Upload left = start(vault(BEFORE));
        send(vault(BEFORE), left, 1, "a value");
        Upload complete = start(vault(BEFORE));
        vault(BEFORE).uploads().complete(complete.token, complete.id, List.of(send(vault(BEFORE), complete, 1, "one")));
        AbandonedUploads sweep = new AbandonedUploads(parts.bucket, SHORT);
        assertThat(sweep.end(Duration.ofDays(2), Instant.now().minus(Duration.ofDays(2))))
                .isEqualTo(new AbandonedUploads.Done(0, 0));
        assertThat(parts.all()).hasSize(3);
        // The uploads of a moment ago count as old.
        assertThat(sweep.end(Duration.ofDays(-1), Instant.now().plus(Duration.ofDays(1))))
                .isEqualTo(new AbandonedUploads.Done(1, 1));
        assertThat(uploads()).isZero();
        assertThat(parts.all()).hasSize(2);
        assertThat(read(vault(BEFORE), complete)).asString().isEqualTo("one");
        assertThatThrownBy(() -> vault(BEFORE).uploads().parts(left.token, left.id, 1, 1, LEFT))
                .satisfies(failed -> failed(failed, ErrorCode.UNKNOWN_UPLOAD));
    }

    /** A rewrap that had read the record before the erasure may put it again. */
    @Test
    void theSweepDeletesAWaitingRecordThatComesBackAfterAnErasure() throws Exception {
        Upload upload = start(vault(BEFORE));
        String name = parts.all().getFirst();
        byte[] content = parts.bucket.get(name).orElseThrow();
        vault(BEFORE).erase(upload.token);
        parts.bucket.put(name, content, "application/json");
        new Sweep(parts.bucket, BEFORE, Instant.MAX, SHORT).run();
        assertThat(parts.all()).containsExactly(Layout.erased(upload.token.recordId()));
    }

    /** Erases a token at one moment of another call. */
    private static final class Erasing implements WatchedS3.Watch {
        private final IdentifiedToken token;
        private final int at;
        private int moments;

        Erasing(IdentifiedToken token, int at) {
            this.token = token;
            this.at = at;
        }

        @Override
        public void before(S3Request request) {
            pass();
        }

        @Override
        public void after(S3Request request) {
            pass();
        }

        private void pass() {
            if (++moments == at) vault(BEFORE).erase(token);
        }
    }

    private static Death.Life completing(Upload upload, SentPart sent, WatchedS3.Watch watch) {
        Vault watched = vault(BEFORE, new WatchedS3(connection.s3(), watch));
        return () -> watched.uploads().complete(upload.token, upload.id, List.of(sent));
    }

    private static S3Client takingSmallParts() {
        return new WatchedS3(connection.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                parts.store.takeSmallParts(request instanceof CompleteMultipartUploadRequest);
            }

            @Override
            public void after(S3Request request) {
                parts.store.takeSmallParts(false);
            }
        });
    }

    private static long rewrap() throws InterruptedException {
        VaultFiles files = new VaultFiles(Path.of(""), null, Path.of(""), null, null, null);
        return new Rewrap(parts.bucket, DURING, new RewrapEnvironment(files, 1, 1, 0, null), SHORT)
                .run()
                .moved();
    }

    private static Upload start(Vault vault) {
        Vault.NewToken made = vault.begin(USER, holder(vault), new byte[0], OptionalLong.empty(), null);
        return new Upload(made.token(), vault.uploads().start(made).uploadId());
    }

    private static SentPart send(Vault vault, Upload upload, int number, String content) throws Exception {
        SignedRequest part =
                vault.uploads().parts(upload.token, upload.id, number, 1, LEFT).getFirst();
        return put(number, part, content.getBytes(StandardCharsets.UTF_8));
    }

    private static SentPart put(int number, SignedRequest part, byte[] content) throws Exception {
        HttpResponse<byte[]> stored = exchange(part, "PUT", content);
        return new SentPart(number, stored.headers().firstValue("etag").orElseThrow());
    }

    private static byte[] read(Vault vault, Upload upload) throws Exception {
        return exchange(vault.download(upload.token, new GrantUse(LEFT, null)), "GET", new byte[0])
                .body();
    }

    private static HttpResponse<byte[]> exchange(SignedRequest signed, String method, byte[] content)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(signed.uri())
                .timeout(Duration.ofSeconds(30))
                .method(method, content.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(content));
        signed.headers().forEach((name, value) -> {
            if (!name.equals("host")) request.header(name, value);
        });
        HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer;
    }

    private static String holder(Vault vault) {
        return vault.holder(USER, USER.session());
    }

    private static void abortAtTheStore() {
        connection
                .s3()
                .listMultipartUploads(list -> list.bucket(VaultBucket.NAME))
                .uploads()
                .forEach(running -> connection
                        .s3()
                        .abortMultipartUpload(abort -> abort.bucket(VaultBucket.NAME)
                                .key(running.key())
                                .uploadId(running.uploadId())));
    }

    private static int uploads() {
        return connection
                .s3()
                .listMultipartUploads(list -> list.bucket(VaultBucket.NAME))
                .uploads()
                .size();
    }

    private static void failed(Throwable failure, ErrorCode code) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(code));
    }

    private static Vault vault(Keyring keyring) {
        return vault(keyring, connection.s3());
    }

    private static Vault vault(Keyring keyring, S3Client s3) {
        return parts.vault(keyring, s3);
    }
}
