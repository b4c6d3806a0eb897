package dev.lunasec.operator.bucket.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.Binding;
import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.VaultId;
import dev.lunasec.contract.VaultIdentity;
import dev.lunasec.operator.bucket.BucketClaim;
import dev.lunasec.operator.bucket.BucketClaim.Keyring;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketSpec.Provisioning;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.StorageFailed;
import dev.lunasec.operator.bucket.s3.Store.Answer;
import dev.lunasec.operator.keyring.RecordPresence;
import dev.lunasec.s3.S3Connection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A vault uses, rotates over and deletes only a bucket that is proven to be its own. */
@Tag("embedded")
class BucketIdentityTest {
    private static final String OURS = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String THEIRS =
            Base64.getEncoder().encodeToString("x".repeat(32).getBytes(StandardCharsets.US_ASCII));
    private static final VaultId ID = VaultId.of(new byte[32]);

    private final BucketProvisioner buckets = new BucketProvisioner(Duration.ZERO, Duration.ofMillis(1));
    private Store store;
    private S3Connection connection;
    private BucketSpec spec;

    @BeforeEach
    void start() throws Exception {
        store = new Store();
        spec = store.spec("vault");
        connection = new S3Connection(spec.location(), spec.accessKeys(), null);
    }

    @AfterEach
    void stop() throws Exception {
        connection.close();
        buckets.close();
        store.close();
    }

    @Test
    void aNewVaultIsBoundInTwoSteps() {
        BucketStatus first = reconcile(unbound(OURS));
        assertThat(first.reason()).isEqualTo("Binding");
        assertThat(first.bindingDue())
                .as("not in the pass that wrote the identity")
                .isPositive();
        assertThat(keys()).containsExactly("vault/" + ID);
        BucketStatus second = reconcile(unbound(OURS));
        assertThat(second.ready()).isFalse();
        assertThat(second.bindingDue()).isEqualTo(Duration.ZERO);
        assertThat(keys()).containsAll(BucketLayout.startMarkers(ID, 1));
        assertThat(reconcile(bound(OURS)).reason()).isEqualTo("Ready");
    }

    @Test
    void provisioningVerifyMayWriteTheIdentity() {
        s3().createBucket(create -> create.bucket("vault"));
        spec = store.spec("vault", Provisioning.VERIFY, Store.KEYS, "payments/vault");
        assertThat(reconcile(unbound(OURS)).reason()).isEqualTo("Binding");
        assertThat(keys()).containsExactly("vault/" + ID);
    }

    /** As with two resources that name the same bucket at the same moment. */
    @Test
    void ofTwoNewVaultsTheOneThatSeesTheOtherTakesItsIdentityBack() {
        reconcile(unbound(OURS));
        put(
                BucketLayout.vault(VaultId.of(lookup(THEIRS))),
                identity(THEIRS, "payments").write(lookup(THEIRS)));
        BucketStatus status = reconcile(unbound(OURS));
        assertThat(status.reason()).isEqualTo("WrongBucket");
        assertThat(status.message()).contains("vault/" + VaultId.of(lookup(THEIRS)));
        assertThat(status.bindingDue()).isNull();
        assertThat(keys()).containsExactly("vault/" + VaultId.of(lookup(THEIRS)));
        assertThat(reconcile(unbound(OURS)).reason()).isEqualTo("WrongBucket");
        assertThat(keys()).as("not written again").hasSize(1);
    }

    /** The other vault would not be bound to a bucket that is not empty. */
    @Test
    void aVaultThatTakesItsIdentityBackTakesItsStartMarkersBackToo() {
        reconcile(unbound(OURS));
        await().until(() -> Duration.ZERO.equals(reconcile(unbound(OURS)).bindingDue()));
        String theirs = BucketLayout.vault(VaultId.of(lookup(THEIRS)));
        put(theirs, identity(THEIRS, "payments").write(lookup(THEIRS)));
        assertThat(reconcile(unbound(OURS)).reason()).isEqualTo("WrongBucket");
        assertThat(keys()).containsExactly(theirs);
    }

    /** In a bucket with versions a plain deletion leaves the version and a marker, and the other vault sees them. */
    @Test
    void anIdentityThatIsTakenBackIsDeletedWithAllVersions() {
        reconcile(unbound(OURS));
        put(
                BucketLayout.vault(VaultId.of(lookup(THEIRS))),
                identity(THEIRS, "payments").write(lookup(THEIRS)));
        String name = "vault/" + ID;
        store.fault = (method, path, query, exchange) -> {
            if (query == null || !query.contains("versions") || !query.contains(ID.text())) return null;
            boolean deleted = store.requests.stream().anyMatch(r -> r.matches("DELETE .*versionId=v1.*"));
            return new Answer(
                    200,
                    "<ListVersionsResult><Name>vault</Name><IsTruncated>false</IsTruncated>"
                            + (deleted ? "" : "<Version><Key>" + name + "</Key><VersionId>v1</VersionId></Version>")
                            + "</ListVersionsResult>");
        };
        assertThat(reconcile(unbound(OURS)).reason()).isEqualTo("WrongBucket");
        assertThat(store.requests).anyMatch(r -> r.startsWith("DELETE /vault/" + name) && r.contains("versionId=v1"));
    }

    @Test
    void aNewVaultWritesNothingIntoABucketThatIsNotEmpty() {
        s3().createBucket(create -> create.bucket("vault"));
        put("index.html", new byte[1]);
        store.requests.clear();
        assertThat(reconcile(unbound(OURS)).reason()).isEqualTo("BucketNotOwned");
        assertThat(reconcile(null).reason()).isEqualTo("BucketNotOwned");
        delete("index.html");
        put("records/1/some", new byte[1]);
        assertThat(reconcile(null).reason()).isEqualTo("KeyringMissing");
        assertThat(reconcile(null).message())
                .contains("another vault, create the Tokenizer with another storage.bucket");
        assertThat(store.settingWrites()).isEmpty();
        assertThat(keys()).containsExactly("records/1/some");
    }

    @Test
    void oldVersionsCountAsContent() {
        s3().createBucket(create -> create.bucket("vault"));
        store.fault = (method, path, query, exchange) ->
                query != null && query.contains("versions") ? new Answer(200, """
                        <ListVersionsResult><Name>vault</Name><IsTruncated>false</IsTruncated>
                        <CommonPrefixes><Prefix>records/</Prefix></CommonPrefixes></ListVersionsResult>""") : null;
        assertThat(reconcile(null).reason()).isEqualTo("KeyringMissing");
        assertThat(buckets.records(spec, claim(null)).any()).isEqualTo(RecordPresence.SOME);
    }

    /** Such a store may be empty, and then no record would need the old shares. */
    @Test
    void anotherLocationThanThePinnedOneGetsNoRequest() {
        BucketClaim claim = claim(new Keyring(OURS, new Binding.Bound(Store.location(store.spec("other")), null)));
        store.requests.clear();
        BucketStatus status = buckets.reconcile(spec, claim, Map.of(), Instant.EPOCH);
        assertThat(status.reason()).isEqualTo("WrongBucket");
        assertThat(status.message())
                .contains("\"bucket\":\"other\"")
                .contains("remove the key location")
                .contains("tokenizer bind");
        assertThat(store.requests).isEmpty();
        assertThat(buckets.records(spec, claim).between(Set.of(1)).proven()).isFalse();
    }

    @Test
    void anEmptyStoreAtThePinnedLocationIsTheWrongBucket() {
        assertThat(reconcile(bound(OURS)).reason()).isEqualTo("BucketMissing");
        s3().createBucket(create -> create.bucket("vault"));
        store.requests.clear();
        assertThat(reconcile(bound(OURS)).reason()).isEqualTo("WrongBucket");
        assertThat(store.settingWrites()).isEmpty();
        assertThat(keys()).as("only tokenizer bind puts an absent identity").isEmpty();
    }

    @Test
    void anAnswerThatSaysNothingIsNeverTheWrongBucket() {
        bind();
        store.fault = (method, path, query, exchange) ->
                path.contains("/vault/" + ID) ? new Answer(403, "AccessDenied") : null;
        assertThat(reconcile(bound(OURS)).reason()).isEqualTo("AccessDenied");
        store.fault = (method, path, query, exchange) ->
                path.contains("/vault/" + ID) ? new Answer(500, "InternalError") : null;
        assertThat(reconcile(bound(OURS)).reason()).isEqualTo("StoreFailed");
        store.fault = Store.NONE;
        assertThat(reconcile(bound(OURS)).reason()).isEqualTo("Ready");
    }

    @Test
    void aForgedIdentityIsTheWrongBucket() {
        bind();
        put("vault/" + ID, identity(OURS, "payments").write(lookup(THEIRS)));
        assertThat(reconcile(bound(OURS)).reason()).isEqualTo("WrongBucket");
    }

    /** As with a copy of the keyring in another cluster or namespace. */
    @Test
    void aBucketOfTheSameKeyringInAnotherClusterIsTheWrongBucketUntilTheLocationIsRemoved() {
        s3().createBucket(create -> create.bucket("vault"));
        VaultIdentity inAnotherCluster = new VaultIdentity(ID, "payments", "vault", "another", "2026-01-01T00:00:00Z");
        for (VaultIdentity other : List.of(identity(OURS, "elsewhere"), inAnotherCluster)) {
            put("vault/" + ID, other.write(lookup(OURS)));
            BucketStatus status = reconcile(bound(OURS));
            assertThat(status.reason()).isEqualTo("WrongBucket");
            assertThat(status.message()).contains(other.namespace() + "/vault of the cluster " + other.cluster());
            assertThat(reconcile(unbound(OURS)).reason()).isEqualTo("WrongBucket");
        }
        assertThat(reconcile(released(OURS)).reason()).isEqualTo("Binding");
        assertThat(reconcile(released(OURS)).bindingDue()).isEqualTo(Duration.ZERO);
        assertThat(keys())
                .as("the bucket may lack older records")
                .doesNotContainAnyElementsOf(BucketLayout.startMarkers(ID, 1));
        assertThat(reconcile(bound(OURS)).ready())
                .as("it has taken the bucket over")
                .isTrue();
    }

    @Test
    void aReleasedVaultIsNotBoundToABucketWithoutItsIdentity() {
        s3().createBucket(create -> create.bucket("vault"));
        BucketStatus status = reconcile(released(OURS));
        assertThat(status.reason()).isEqualTo("Unbound");
        assertThat(status.message()).contains("tokenizer bind");
        assertThat(status.bindingDue()).isNull();
        assertThat(keys()).isEmpty();
    }

    @Test
    void recordsAreListedBetweenTwoProofs() {
        bind();
        put("records/1/some", new byte[1]);
        put("quarantine/2/some", new byte[1]);
        RecordsOfShare records = buckets.records(spec, claim(bound(OURS)));
        records.markStart(2);
        RecordsOfShare.Listing listing = records.between(Set.of(1, 2));
        assertThat(listing.proven()).isTrue();
        assertThat(listing.left()).isEqualTo(Map.of(1, RecordPresence.SOME, 2, RecordPresence.NONE));
        assertThat(listing.quarantined()).isEqualTo(Map.of(1, 0, 2, 1));
    }

    /** As behind a proxy that hides a folder, or on a replica that lacks what is older than its replication. */
    @Test
    void anEmptyListingProvesNothingIfOneStartMarkerOfTheShareIsMissing() {
        bind();
        RecordsOfShare records = buckets.records(spec, claim(bound(OURS)));
        assertThat(records.between(Set.of(1)).left())
                .as("the markers were put before the vault was bound")
                .isEqualTo(Map.of(1, RecordPresence.NONE));
        for (String marker : BucketLayout.startMarkers(ID, 1)) {
            delete(marker);
            assertThat(records.between(Set.of(1)).left()).as(marker).isEqualTo(Map.of(1, RecordPresence.UNPROVEN));
            put(marker, new byte[1]);
        }
        assertThat(records.between(Set.of(1)).left()).isEqualTo(Map.of(1, RecordPresence.NONE));
    }

    @Test
    void theStartOfAShareIsNotMarkedInABucketThatIsNotProven() {
        bind();
        RecordsOfShare records = buckets.records(spec, claim(bound(OURS)));
        store.fault = Store.hiding("records/start-2-");
        records.markStart(2);
        records.markStart(2);
        assertThat(store.requests)
                .filteredOn(request -> request.startsWith("PUT") && request.contains("records/start-2-"))
                .as("the bucket holds the marker, although the store does not list it")
                .hasSize(1);
        assertThat(records.between(Set.of(2)).left()).isEqualTo(Map.of(2, RecordPresence.UNPROVEN));
        store.fault = Store.NONE;
        assertThat(records.between(Set.of(2)).left()).isEqualTo(Map.of(2, RecordPresence.NONE));
        delete("vault/" + ID);
        records.markStart(3);
        assertThat(keys()).doesNotContainAnyElementsOf(BucketLayout.startMarkers(ID, 3));
    }

    /** Without its share, the upload could not be completed. */
    @Test
    void aShareIsInUseWhileAValueIsUploadedUnderIt() {
        bind();
        put("uploads/7/some", new byte[1]);
        RecordsOfShare records = buckets.records(spec, claim(bound(OURS)));
        assertThat(records.between(Set.of(7)).left()).isEqualTo(Map.of(7, RecordPresence.SOME));
        assertThat(records.highest()).hasValue(7);
        assertThat(records.count(7)).hasValue(1);
    }

    /** An empty store answers instead: before the first proof, from a listing on, or from the second proof on. */
    @Test
    void aStoreThatIsSwappedBeforeBetweenOrAfterTheProofsProvesNothing() {
        bind();
        put("records/1/some", new byte[1]);
        AtomicInteger listings = new AtomicInteger();
        // A proof lists vault/, then each share is listed twice, and then vault/ once more.
        for (int swappedFrom = 1; swappedFrom <= 4; swappedFrom++) {
            int from = swappedFrom;
            listings.set(0);
            store.fault = (method, path, query, exchange) ->
                    query != null && query.matches(".*(list-type=2|versions).*") && listings.incrementAndGet() >= from
                            ? new Answer(200, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")
                            : null;
            assertThat(buckets.records(spec, claim(bound(OURS)))
                            .between(Set.of(1))
                            .proven())
                    .as("swapped from listing %d on", from)
                    .isFalse();
        }
    }

    @Test
    void aProvenBucketIsDeletedWithItsContentAndTheIdentityLast() throws Exception {
        bind();
        for (int i = 0; i < 20; i++) put((i % 2 == 0 ? "records/1/" : "objects/") + i, new byte[1]);
        store.requests.clear();
        buckets.requireDeletable(spec, claim(bound(OURS)));
        assertThat(store.requests).noneMatch(request -> request.startsWith("DELETE"));
        assertThat(buckets.delete(spec, claim(bound(OURS)))).isTrue();
        List<String> deleted = store.requests.stream()
                .filter(request -> request.startsWith("DELETE /vault/") && request.length() > "DELETE /vault/".length())
                .toList();
        assertThat(deleted).hasSizeGreaterThanOrEqualTo(21);
        assertThat(deleted.get(deleted.size() - 1)).startsWith("DELETE /vault/vault/" + ID);
        assertThat(buckets.delete(spec, claim(bound(OURS)))).as("again").isTrue();
    }

    /** MinIO answers 204 to the deletion of one null delete marker, and keeps it. */
    @Test
    void aBucketIsDeletedAlsoIfItsStoreKeepsNullDeleteMarkersThatAreDeletedAlone() throws Exception {
        bind();
        s3().putBucketVersioning(put ->
                put.bucket("vault").versioningConfiguration(to -> to.status(BucketVersioningStatus.SUSPENDED)));
        delete("objects/hidden");
        store.fault = (method, path, query, exchange) ->
                method.equals("DELETE") && path.endsWith("/objects/hidden") ? new Answer(204, "") : null;
        assertThat(buckets.delete(spec, claim(bound(OURS)))).isTrue();
    }

    /** SeaweedFS 4.48 keeps a null delete marker whatever is sent. */
    @Test
    void aDeletionThatTheStoreAcceptsAndDoesNotDoIsReported() {
        bind();
        put("objects/kept", new byte[1]);
        store.fault = (method, path, query, exchange) ->
                method.equals("DELETE") && path.endsWith("/objects/kept") ? new Answer(204, "") : null;
        assertThatThrownBy(() -> buckets.delete(spec, claim(bound(OURS))))
                .isInstanceOf(StorageFailed.class)
                .hasMessageContaining("still lists versions");
        assertThat(keys()).contains("objects/kept", "vault/" + ID);
    }

    /** The operator was killed between the last object and the bucket. */
    @Test
    void anEmptyBucketWithoutItsIdentityIsDeletedAfterTheDeletionBegan() throws Exception {
        s3().createBucket(create -> create.bucket("vault"));
        assertThat(buckets.delete(spec, claim(bound(OURS)))).isTrue();
    }

    @Test
    void aBucketThatIsNotProvenIsNotDeleted() {
        assertNotDeletable(bound(OURS), "NoSuchBucket");
        s3().createBucket(create -> create.bucket("vault"));
        put("records/1/some", new byte[1]);
        assertNotDeleted(bound(OURS), "not proven");
        put("vault/" + ID, identity(OURS, "elsewhere").write(lookup(OURS)));
        assertNotDeleted(bound(OURS), "not proven");
        put("vault/" + ID, identity(OURS, "payments").write(lookup(OURS)));
        assertNotDeleted(unbound(OURS), "does not pin");
        assertNotDeleted(released(OURS), "does not pin");
        assertNotDeleted(bound(THEIRS), "not proven");
        put("index.html", new byte[1]);
        assertNotDeleted(bound(OURS), "no vault has written");
        delete("index.html");
        spec = store.spec("vault", Provisioning.VERIFY, Store.KEYS, "payments/vault");
        assertNotDeleted(bound(OURS), "Verify");
        store.fault = (method, path, query, exchange) ->
                path.contains("/vault/" + ID) ? new Answer(403, "AccessDenied") : null;
        spec = store.spec("vault");
        assertNotDeleted(bound(OURS), "not proven");
    }

    /** Somebody deleted an object of others, and the bucket keeps its old version. */
    @Test
    void aBucketWithOldVersionsOfOthersIsNotDeleted() {
        bind();
        put("records/1/some", new byte[1]);
        store.fault = (method, path, query, exchange) ->
                query != null && query.contains("versions") && query.contains("delimiter")
                        ? new Answer(200, """
                        <ListVersionsResult><Name>vault</Name><IsTruncated>false</IsTruncated>
                        <Version><Key>index.html</Key><VersionId>v1</VersionId></Version>
                        <CommonPrefixes><Prefix>records/</Prefix></CommonPrefixes></ListVersionsResult>""")
                        : null;
        assertNotDeleted(bound(OURS), "no vault has written");
    }

    @Test
    void aDeletionSaysWhyTheBucketIsNotProven() {
        s3().createBucket(create -> create.bucket("vault"));
        put("vault/" + ID, identity(OURS, "elsewhere").write(lookup(OURS)));
        put("records/1/some", new byte[1]);
        assertNotDeleted(bound(OURS), "elsewhere/vault");
        delete("vault/" + ID);
        assertNotDeleted(bound(OURS), "lacks the object vault/" + ID);
    }

    /** A share whose number was given before must not get another content. */
    @Test
    void theHighestShareCountsOldVersionsToo() {
        bind();
        store.fault = (method, path, query, exchange) ->
                query != null && query.contains("versions") && query.contains("records") ? new Answer(200, """
                        <ListVersionsResult><Name>vault</Name><IsTruncated>false</IsTruncated>
                        <CommonPrefixes><Prefix>records/7/</Prefix></CommonPrefixes></ListVersionsResult>""") : null;
        assertThat(buckets.records(spec, claim(bound(OURS))).highest()).contains(7);
    }

    private void assertNotDeleted(Keyring keyring, String why) {
        assertNotDeletable(keyring, why);
        assertThatThrownBy(() -> buckets.delete(spec, claim(keyring)))
                .isInstanceOf(StorageFailed.class)
                .hasMessageContaining(why);
        assertThat(keys()).contains("records/1/some");
    }

    private void assertNotDeletable(Keyring keyring, String why) {
        assertThatThrownBy(() -> buckets.requireDeletable(spec, claim(keyring)))
                .isInstanceOf(StorageFailed.class)
                .hasMessageContaining(why);
    }

    private void bind() {
        reconcile(unbound(OURS));
        await().until(() -> Duration.ZERO.equals(reconcile(unbound(OURS)).bindingDue()));
        assertThat(reconcile(bound(OURS)).ready()).isTrue();
    }

    private BucketStatus reconcile(@Nullable Keyring keyring) {
        return buckets.reconcile(spec, claim(keyring), Map.of(), Instant.EPOCH);
    }

    private BucketClaim claim(@Nullable Keyring keyring) {
        return Store.claim(spec, keyring);
    }

    private static Keyring unbound(String lookup) {
        return new Keyring(lookup, new Binding.Unbound());
    }

    private static Keyring released(String lookup) {
        return new Keyring(lookup, new Binding.Released());
    }

    private Keyring bound(String lookup) {
        return new Keyring(lookup, new Binding.Bound(Store.location(spec), null));
    }

    private static VaultIdentity identity(String lookup, String namespace) {
        return new VaultIdentity(VaultId.of(lookup(lookup)), namespace, "vault", "cluster", "2026-01-01T00:00:00Z");
    }

    private static byte[] lookup(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private S3Client s3() {
        return connection.s3();
    }

    private void put(String key, byte[] content) {
        s3().putObject(put -> put.bucket("vault").key(key), RequestBody.fromBytes(content));
    }

    private void delete(String key) {
        s3().deleteObject(delete -> delete.bucket("vault").key(key));
    }

    private List<String> keys() {
        return s3().listObjectsV2(list -> list.bucket("vault")).contents().stream()
                .map(S3Object::key)
                .filter(key -> !key.startsWith("canary/"))
                .toList();
    }
}
