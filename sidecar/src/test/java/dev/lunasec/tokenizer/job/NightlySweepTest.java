package dev.lunasec.tokenizer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.Token;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Request;

/** A store that does not delete some objects, and the sweeps of several nights. */
@Tag("embedded")
class NightlySweepTest {
    private static final Instant EXPIRES = Instant.parse("2026-05-10T12:00:00Z");
    private static final Optional<LocalDate> LATER = Optional.of(LocalDate.of(2026, 5, 20));

    /** Of an upload; every marker is older than that, and every waiting record too. */
    private final Instant longAgo = Instant.now().plus(Duration.ofDays(1));

    @RegisterExtension
    private static final Rotating vault = new Rotating();

    @Test
    void whatTheStoreKeepsIsDeletedByALaterSweepAndKeepsNothingElse() throws Exception {
        Token kept = expired(EXPIRES);
        Token expired = expired(EXPIRES.plus(Duration.ofDays(1)));
        RecordId keptRecord = erased("records/1/");
        RecordId quarantined = erased("quarantine/1/");
        vault.bucket.put("uploads/1/" + "c".repeat(32), new byte[1], "text/plain");
        S3Client keeping = keeping(Set.of(object(kept), Layout.record(1, keptRecord)));
        for (int night = 0; night < 3; night++) {
            assertThatThrownBy(() -> sweep(keeping))
                    .isInstanceOfSatisfying(
                            CallFailed.class,
                            failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.ERASURE_INCOMPLETE));
            assertThat(vault.all(""))
                    .containsExactlyInAnyOrder(
                            Layout.erased(Rotating.id(kept)),
                            Layout.erased(Rotating.id(expired)),
                            Layout.erased(keptRecord),
                            Layout.erased(quarantined),
                            object(kept),
                            "expires/2026-05-10/" + Rotating.id(kept),
                            Layout.record(1, keptRecord));
        }
        assertThat(sweep(vault.s3()).expired()).isEqualTo(1);
        assertThat(vault.all("")).hasSize(4).allMatch(name -> name.startsWith("erased/"));
    }

    /** What a step has deleted is not counted. */
    @Test
    void theCountIsThatOfWhatIsLeft() throws Exception {
        expired(EXPIRES);
        erased("records/1/");
        vault.put(object(vault.token()));
        vault.token();
        vault.put("quarantine/1/" + "c".repeat(32));
        assertThat(sweep(vault.s3()).count()).isEqualTo(new ValueCount.Result(3, 1));
    }

    /** A rotation needs a sweep that succeeds, and has nothing to do with this value. */
    @Test
    void anExpiredValueThatTheStoreKeepsFailsNoSweep() throws Exception {
        Token kept = expired(EXPIRES);
        S3Client keeping = keeping(Set.of(object(kept)));
        for (int night = 0; night < 3; night++)
            assertThat(sweep(keeping).expired()).isZero();
        assertThat(sweep(vault.s3()).expired()).isEqualTo(1);
        assertThat(vault.all("")).containsExactly(Layout.erased(Rotating.id(kept)));
    }

    @Test
    void withoutTheDayNoTokenIsMarked() throws Exception {
        expired(EXPIRES);
        NightlySweep.Done done = new NightlySweep(vault.bucket, Rotating.KEYRING, retry())
                .run(Optional.empty(), Duration.ofDays(2), longAgo);
        assertThat(done.expired()).isZero();
        assertThat(vault.all("")).hasSize(3);
    }

    private NightlySweep.Done sweep(S3Client s3) throws InterruptedException {
        return new NightlySweep(Rotating.by(s3), Rotating.KEYRING, retry()).run(LATER, Duration.ofDays(2), longAgo);
    }

    private static StoreRetry retry() {
        return new StoreRetry(Duration.ofSeconds(1));
    }

    private static Token expired(Instant expires) {
        Token token = vault.token(expires);
        vault.bucket.put(object(token), new byte[1], "text/plain");
        return token;
    }

    private static RecordId erased(String folder) {
        RecordId id = Rotating.id(Token.random());
        vault.bucket.put(folder + id, new byte[1], "text/plain");
        new S3ErasureMarkers(vault.bucket, Rotating.KEYRING).put(Rotating.erased(id));
        return id;
    }

    private static S3Client keeping(Set<String> names) {
        return new WatchedS3(vault.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                if (request instanceof DeleteObjectRequest delete && names.contains(delete.key())) throw accessDenied();
            }
        });
    }

    private static S3Exception accessDenied() {
        return (S3Exception) S3Exception.builder()
                .statusCode(403)
                .awsErrorDetails(
                        AwsErrorDetails.builder().errorCode("AccessDenied").build())
                .build();
    }

    private static String object(Token token) {
        return Layout.object(Rotating.KEYRING.objectName(token));
    }
}
