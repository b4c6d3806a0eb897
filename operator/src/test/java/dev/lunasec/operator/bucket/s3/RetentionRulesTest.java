package dev.lunasec.operator.bucket.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.Binding;
import dev.lunasec.operator.bucket.BucketClaim;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.s3.Store.Answer;
import dev.lunasec.operator.keyring.RecordPresence;
import dev.lunasec.s3.S3Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/**
 * Buckets that keep what a vault deletes, or delete what it keeps: each has its reason, and an answer that is missing
 * proves nothing.
 */
@Tag("embedded")
class RetentionRulesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @AutoClose
    private final Store store = new Store();

    @AutoClose
    private final BucketProvisioner buckets = new BucketProvisioner(Duration.ZERO, Duration.ofMillis(100));

    RetentionRulesTest() throws Exception {}

    @Test
    void aBucketWithVersioningIsUsed() {
        assertThat(reconcile().ready()).isTrue();
        versioning(BucketVersioningStatus.ENABLED);
        assertThat(reconcile().ready()).isTrue();
        versioning(BucketVersioningStatus.SUSPENDED);
        assertThat(reconcile().ready()).isTrue();
    }

    @Test
    void objectLockAndMfaDeleteAreRefused() {
        answers(
                "object-lock",
                200,
                "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>");
        assertThat(reconcile().reason()).isEqualTo("ObjectLockEnabled");
        answers(
                "versioning",
                200,
                "<VersioningConfiguration><Status>Enabled</Status>"
                        + "<MfaDelete>Enabled</MfaDelete></VersioningConfiguration>");
        assertThat(reconcile().reason()).isEqualTo("MFADeleteEnabled");
        store.fault = Store.NONE;
        assertThat(reconcile().ready()).isTrue();
    }

    @Test
    void aRuleThatExpiresOrMovesObjectsOfTheVaultIsRefused() {
        String days = "<Expiration><Days>30</Days></Expiration>";
        String move = "<Transition><Days>30</Days><StorageClass>GLACIER</StorageClass></Transition>";
        for (String refused : List.of(
                rule("Enabled", "<Filter><Prefix>records/</Prefix></Filter>", days),
                rule("Enabled", "<Filter><Prefix>records/1/</Prefix></Filter>", days),
                rule("Enabled", "<Filter><Prefix>erased</Prefix></Filter>", days),
                rule("Enabled", "<Filter></Filter>", move),
                rule("Enabled", "<Prefix></Prefix>", days),
                rule("Enabled", "<Filter><And><Prefix>objects/</Prefix></And></Filter>", move))) {
            answers("lifecycle", 200, refused);
            assertThat(reconcile().reason()).as(refused).isEqualTo("LifecycleRule");
        }
        for (String harmless : List.of(
                rule("Disabled", "<Filter><Prefix>records/</Prefix></Filter>", days),
                rule("Enabled", "<Filter><Prefix>logs/</Prefix></Filter>", days),
                rule("Enabled", "<Filter><Prefix>canary/</Prefix></Filter>", days),
                rule(
                        "Enabled",
                        "<Filter></Filter>",
                        "<NoncurrentVersionExpiration>"
                                + "<NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>"),
                rule(
                        "Enabled",
                        "<Filter></Filter>",
                        "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"))) {
            answers("lifecycle", 200, harmless);
            assertThat(reconcile().ready()).as(harmless).isTrue();
        }
    }

    @Test
    void aQuestionThatTheStoreRefusesIsNoNo() {
        for (String question : List.of("versioning", "object-lock", "lifecycle", "versions")) {
            answers(question, 403, "AccessDenied");
            BucketStatus status = reconcile();
            assertThat(status.ready()).as(question).isFalse();
            assertThat(status.reason()).as(question).isEqualTo("RetentionUnknown");
            assertThat(status.message()).contains("Allow s3:");
            answers(question, 500, "InternalError");
            assertThat(reconcile().reason()).as(question).isEqualTo("StoreFailed");
            answers(question, 400, "ExpiredToken");
            assertThat(reconcile().ready()).as(question).isFalse();
        }
        for (String question : List.of("versioning", "object-lock", "lifecycle", "versions")) {
            answers(question, 501, "NotImplemented");
            assertThat(reconcile().ready()).as(question).isTrue();
        }
    }

    @Test
    void anAccountThatMayNotDeleteVersionsIsReported() {
        store.fault = (method, path, query, exchange) ->
                method.equals("DELETE") && query != null && query.contains("versionId")
                        ? new Answer(403, "AccessDenied")
                        : null;
        BucketStatus status = reconcile();
        assertThat(status.reason()).isEqualTo("DeletionDenied");
        assertThat(status.message()).contains("s3:DeleteObjectVersion");
    }

    @Test
    void theStatusSaysThatTheBucketIsReplicated() {
        answers(
                "replication",
                200,
                "<ReplicationConfiguration><Role>r</Role><Rule><Status>Enabled</Status><Prefix></Prefix>"
                        + "<Destination><Bucket>b</Bucket></Destination></Rule></ReplicationConfiguration>");
        BucketStatus status = reconcile();
        assertThat(status.ready()).isTrue();
        assertThat(status.message()).contains("an erasure does not reach the replicas");
        answers("replication", 403, "AccessDenied");
        assertThat(reconcile().message()).doesNotContain("replica");
    }

    @Test
    void anOldVersionOfARecordIsARecord() {
        bind();
        versioning(BucketVersioningStatus.ENABLED);
        try (S3Connection connection = connection()) {
            S3Client s3 = connection.s3();
            String version = s3.putObject(
                            put -> put.bucket("vault").key("records/1/" + "0".repeat(32)), RequestBody.fromString("x"))
                    .versionId();
            String marker = s3.deleteObject(delete -> delete.bucket("vault").key("records/1/" + "0".repeat(32)))
                    .versionId();
            assertThat(left()).isEqualTo(RecordPresence.SOME);
            answers("versions", 403, "AccessDenied");
            assertThat(left()).isEqualTo(RecordPresence.UNKNOWN);
            answers("versions", 501, "NotImplemented");
            assertThat(left()).as("it has versions and does not list them").isEqualTo(RecordPresence.UNKNOWN);
            store.fault = Store.NONE;
            for (String id : List.of(version, marker)) {
                s3.deleteObject(delete -> delete.bucket("vault")
                        .key("records/1/" + "0".repeat(32))
                        .versionId(id));
            }
            assertThat(left()).isEqualTo(RecordPresence.UNPROVEN);
            buckets.records(store.spec("vault"), bound()).markStart(1);
            assertThat(left()).isEqualTo(RecordPresence.NONE);
        }
    }

    @Test
    void theDeletionOfABucketTakesAllVersions() throws Exception {
        bind();
        versioning(BucketVersioningStatus.ENABLED);
        try (S3Connection connection = connection()) {
            for (int i = 0; i < 2; i++) {
                connection.s3().putObject(put -> put.bucket("vault").key("records/1/x"), RequestBody.fromString("x"));
            }
            connection.s3().deleteObject(delete -> delete.bucket("vault").key("records/1/x"));
            assertThat(buckets.delete(store.spec("vault"), bound())).isTrue();
            assertThat(connection.s3().listBuckets().buckets()).isEmpty();
        }
    }

    private RecordPresence left() {
        return buckets.records(store.spec("vault"), bound())
                .between(Set.of(1))
                .left()
                .getOrDefault(1, RecordPresence.UNKNOWN);
    }

    /** The store holds the identity of a vault from now on. */
    private void bind() {
        buckets.reconcile(store.spec("vault"), claim(new Binding.Unbound()), Map.of(), NOW);
    }

    private BucketClaim bound() {
        return claim(new Binding.Bound(Store.location(store.spec("vault")), null));
    }

    private BucketClaim claim(Binding binding) {
        String lookup = Base64.getEncoder().encodeToString(new byte[32]);
        return Store.claim(store.spec("vault"), new BucketClaim.Keyring(lookup, binding));
    }

    private BucketStatus reconcile() {
        return buckets.reconcile(store.spec("vault"), Store.claim(store.spec("vault")), Map.of(), NOW);
    }

    private static String rule(String status, String filter, String action) {
        return "<LifecycleConfiguration><Rule><ID>r</ID><Status>" + status + "</Status>" + filter + action
                + "</Rule><Rule><ID>tokenizer-abort-stale-uploads</ID><Status>Enabled</Status><Filter></Filter>"
                + "<AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation>"
                + "</AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>";
    }

    /** Answers one kind of question in the place of the store. */
    private void answers(String question, int status, String answer) {
        store.fault = (method, path, query, exchange) ->
                method.equals("GET") && query != null && query.matches("(.*&)?" + question + "(=?&.*|=?)")
                        ? new Answer(status, answer)
                        : null;
    }

    private void versioning(BucketVersioningStatus status) {
        try (S3Connection connection = connection()) {
            connection
                    .s3()
                    .putBucketVersioning(put -> put.bucket("vault").versioningConfiguration(c -> c.status(status)));
        }
    }

    private S3Connection connection() {
        return new S3Connection(
                store.spec("vault").location(), store.spec("vault").accessKeys(), null);
    }
}
