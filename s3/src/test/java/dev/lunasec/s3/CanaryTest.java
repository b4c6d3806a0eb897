package dev.lunasec.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.s3.CanaryResult.SingleUse;
import dev.lunasec.s3.FlawedStore.Flaw;
import dev.lunasec.testbed.EmbeddedStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

@Tag("embedded")
class CanaryTest {
    private static final AccessKeys KEYS = new AccessKeys("local-access", "local-secret");

    @AutoClose
    private final EmbeddedStore store = new EmbeddedStore(KEYS.accessKeyId(), KEYS.secretAccessKey());

    private S3Connection connection(AccessKeys keys, String bucket) {
        return new S3Connection(new StoreLocation(bucket, "us-east-1", store.endpoint(), true), keys, null);
    }

    @Test
    void aStoreThatEnforcesAllIsReady() {
        try (S3Connection connection = connection(KEYS, "vault")) {
            connection.s3().createBucket(b -> b.bucket("vault"));
            assertThat(new Canary(connection).check())
                    .isEqualTo(new CanaryResult(StoreStatus.Ready, SingleUse.ENFORCED));
            assertThat(connection.s3().listObjectsV2(l -> l.bucket("vault")).contents())
                    .isEmpty();
        }
    }

    @Test
    void inAVersionedBucketItLeavesNoVersion() {
        try (S3Connection connection = connection(KEYS, "versioned")) {
            connection.s3().createBucket(b -> b.bucket("versioned"));
            connection
                    .s3()
                    .putBucketVersioning(put -> put.bucket("versioned")
                            .versioningConfiguration(c -> c.status(BucketVersioningStatus.ENABLED)));
            assertThat(new Canary(connection).check().status()).isEqualTo(StoreStatus.Ready);
            assertThat(new VersionListing(connection.s3(), "versioned").page("", ""))
                    .isEmpty();
        }
    }

    @Test
    void aMissingBucketIsNamed() {
        try (S3Connection connection = connection(KEYS, "nowhere")) {
            assertThat(new Canary(connection).check().status()).isEqualTo(StoreStatus.BucketMissing);
        }
    }

    @Test
    void wrongCredentialsAreNamed() {
        try (S3Connection connection = connection(new AccessKeys("local-access", "wrong"), "vault")) {
            assertThat(new Canary(connection).check().status()).isEqualTo(StoreStatus.CredentialsRejected);
        }
        try (S3Connection connection = connection(new AccessKeys("unknown", "wrong"), "vault")) {
            assertThat(new Canary(connection).check().status()).isEqualTo(StoreStatus.CredentialsRejected);
        }
    }

    @Test
    void aStoreThatIsAwayIsNamed() throws Exception {
        try (S3Connection connection = connection(KEYS, "vault")) {
            store.stop();
            assertThat(new Canary(connection).check().status()).isEqualTo(StoreStatus.StoreUnreachable);
        }
    }

    @Test
    void aStoreThatIgnoresKeysIsFound() throws Exception {
        for (Flaw flaw : List.of(Flaw.KEYS_UNKNOWN, Flaw.KEYS_FOR_SHOW, Flaw.ANY_KEY)) {
            assertThat(found(flaw)).as(flaw.name()).isEqualTo(StoreStatus.SSECIgnored);
        }
    }

    @Test
    void aStoreThatIgnoresSignaturesIsFound() throws Exception {
        for (Flaw flaw : List.of(Flaw.SIGNATURES_IGNORED, Flaw.LENGTH_IGNORED)) {
            assertThat(found(flaw)).as(flaw.name()).isEqualTo(StoreStatus.SignaturesIgnored);
        }
    }

    @Test
    void aPassingErrorIsNoRefusal() throws Exception {
        assertThat(found(Flaw.NONE)).isEqualTo(StoreStatus.Ready);
        for (Flaw flaw : List.of(Flaw.BUSY_FOR_STRANGERS, Flaw.BUSY_FOR_OTHER_UPLOADS)) {
            assertThat(found(flaw)).as(flaw.name()).isEqualTo(StoreStatus.StoreFailed);
        }
    }

    @Test
    void aPassingErrorAtTheSecondUploadKeepsWhatWasFoundOutBefore() throws Exception {
        try (FlawedStore busy = new FlawedStore(Flaw.BUSY_FOR_THE_SECOND_UPLOAD);
                S3Connection connection = connection(busy)) {
            CanaryResult result = new Canary(connection).check();
            assertThat(result).isEqualTo(new CanaryResult(StoreStatus.Ready, SingleUse.UNKNOWN));
            assertThat(result.singleUseUploads(true)).isTrue();
            assertThat(result.singleUseUploads(false)).isFalse();
        }
    }

    private static StoreStatus found(Flaw flaw) throws IOException {
        try (FlawedStore flawed = new FlawedStore(flaw);
                S3Connection connection = connection(flawed)) {
            StoreStatus finding = new Canary(connection).check().status();
            assertThat(flawed.isEmpty()).as("the canary is gone").isTrue();
            return finding;
        }
    }

    @Test
    void aStoreThatStallsInMidAnswerIsNoAnswer() throws Exception {
        try (FlawedStore stalling = new FlawedStore(Flaw.STALLS);
                S3Connection connection = connection(stalling)) {
            assertThat(CompletableFuture.supplyAsync(() -> new Canary(connection, Duration.ofMillis(300)).check()))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo(new CanaryResult(StoreStatus.StoreUnreachable, SingleUse.UNKNOWN));
        }
    }

    private static S3Connection connection(FlawedStore flawed) {
        return new S3Connection(new StoreLocation("vault", "us-east-1", flawed.endpoint(), true), KEYS, null);
    }
}
