package dev.lunasec.tokenizer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.RewrapEnvironment;
import dev.lunasec.contract.VaultFiles;
import dev.lunasec.s3.VersionListing.Version;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.testing.VaultBucket;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.Token;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * Rewrap and sweep in a bucket whose versioning was switched on, and perhaps off again: what they delete leaves no
 * version.
 */
@Tag("embedded")
class VersionedBucketTest {
    private static final StoreRetry SHORT = new StoreRetry(Duration.ofSeconds(1));

    @AutoClose
    private final Rotating vault = new Rotating();

    @BeforeEach
    void recordsFromBeforeTheVersioning() {
        vault.token();
        versioning(BucketVersioningStatus.ENABLED);
    }

    @Test
    void aRewrapMovesEveryVersionAndLeavesNoneUnderTheOldShare() throws Exception {
        RecordId twice = Rotating.id(vault.token());
        byte[] record = vault.bucket.get(Layout.record(1, twice)).orElseThrow();
        vault.bucket.put(Layout.record(1, twice), record, "text/plain");
        RecordId hidden = Rotating.id(vault.token());
        hide(Layout.record(1, hidden));
        versioning(BucketVersioningStatus.SUSPENDED);
        hide(Layout.record(1, Rotating.id(vault.token())));
        vault.token();
        vault.unreadable();
        hide("records/1/stray");
        rewrap(vault.s3());
        assertThat(versions("records/1/")).isEmpty();
        assertThat(vault.all("quarantine/")).hasSize(1);
        assertThat(vault.all("records/2/")).hasSize(4);
    }

    /** MinIO answers 204 to the deletion of one null delete marker, and keeps it. */
    @Test
    void aRewrapEndsAlsoIfTheStoreKeepsNullDeleteMarkersThatAreDeletedAlone() throws Exception {
        versioning(BucketVersioningStatus.SUSPENDED);
        String hidden = Layout.record(1, Rotating.id(vault.token()));
        hide(hidden);
        hide("records/1/stray");
        rewrap(new DelegatingS3Client(vault.s3()) {
            @Override
            public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
                return List.of(hidden, "records/1/stray").contains(request.key())
                        ? DeleteObjectResponse.builder().build()
                        : super.deleteObject(request);
            }
        });
        assertThat(versions("records/1/")).isEmpty();
    }

    /** A record that was overwritten is the latest version, and the one that opens lies below it. */
    @Test
    void aRewrapDeletesOnlyTheVersionThatItRead() throws Exception {
        RecordId id = Rotating.id(vault.token());
        vault.bucket.put(Layout.record(1, id), new byte[] {'x'}, "text/plain");
        rewrap(vault.s3());
        assertThat(versions("records/1/")).isEmpty();
        assertThat(vault.bucket.get(Layout.quarantined(1, id))).contains(new byte[] {'x'});
        vault.allRead(Rotating.AFTER);
    }

    @Test
    void aRewrapThatMayNotDeleteVersionsEndsWithASentence() {
        WatchedS3 denied = new WatchedS3(vault.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                if (request instanceof DeleteObjectRequest delete && delete.versionId() != null) throw accessDenied();
            }
        });
        assertThatThrownBy(() -> rewrap(denied)).isInstanceOfSatisfying(CallFailed.class, failed -> {
            assertThat(failed.failure()).isEqualTo(ErrorCode.ERASURE_INCOMPLETE);
            assertThat(failed.sentence()).contains("AccessDenied");
        });
        vault.allRead(Rotating.KEYRING);
    }

    @Test
    void aSweepDeletesEveryVersionOfAnErasedRecordAlsoThoseThatADeleteMarkerHides() throws Exception {
        Token token = vault.token();
        RecordId id = Rotating.id(token);
        for (String folder : List.of("records/1/", "records/7/", "quarantine/3/")) {
            vault.bucket.put(folder + id, new byte[1], "text/plain");
            hide(folder + id);
        }
        new S3ErasureMarkers(vault.bucket, Rotating.KEYRING).put(Rotating.erased(id));
        new Sweep(vault.bucket, Rotating.KEYRING, Instant.MAX, SHORT).run();
        assertThat(versions(""))
                .extracting(Version::name)
                .filteredOn(name -> name.contains(id.hex()))
                .containsExactly(Layout.erased(id));
    }

    /** The record from before the versioning and the one with two versions are left. */
    @Test
    void aSweepCountsNoRecordThatADeleteMarkerHides() throws Exception {
        hide(Layout.record(1, Rotating.id(vault.token())));
        RecordId twice = Rotating.id(vault.token());
        vault.bucket.put(Layout.record(1, twice), new byte[1], "text/plain");
        Sweep sweep = new Sweep(vault.bucket, Rotating.KEYRING, Instant.MAX, SHORT);
        assertThat(sweep.runAndCount().left()).hasValue(2);
    }

    private static void rewrap(S3Client s3) throws InterruptedException {
        VaultFiles files = new VaultFiles(Path.of("settings.json"), null, Path.of("keyring"), null, null, null);
        RewrapEnvironment task = new RewrapEnvironment(files, 1, 1, 0, null);
        new Rewrap(Rotating.by(s3), Rotating.KEYRING, task, SHORT).run();
    }

    private List<Version> versions(String prefix) {
        return vault.bucket.listing().versions(prefix, "");
    }

    private void hide(String key) {
        vault.s3().deleteObject(delete -> delete.bucket(VaultBucket.NAME).key(key));
    }

    private void versioning(BucketVersioningStatus status) {
        vault.s3()
                .putBucketVersioning(
                        put -> put.bucket(VaultBucket.NAME).versioningConfiguration(c -> c.status(status)));
    }

    private static S3Exception accessDenied() {
        return (S3Exception) S3Exception.builder()
                .statusCode(403)
                .awsErrorDetails(
                        AwsErrorDetails.builder().errorCode("AccessDenied").build())
                .build();
    }
}
