package dev.lunasec.operator.bucket.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.Binding;
import dev.lunasec.operator.bucket.BucketClaim;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.s3.S3Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;

/** What a pass of the operator asks of the store does not grow with the vault. */
@Tag("embedded")
class ManyRecordsTest {
    private static final String LOOKUP = Base64.getEncoder().encodeToString(new byte[32]);
    private static final int FEW = 1_000;
    private static final int MANY = 1_000_000;

    private final BucketProvisioner buckets = new BucketProvisioner(Duration.ZERO, Duration.ofMillis(1));
    private Store store;
    private BucketSpec spec;
    private BucketClaim claim;

    @BeforeEach
    void bindAVaultWithRecordsOfTwoShares() throws Exception {
        store = new Store();
        spec = store.spec("vault");
        reconcile(Store.claim(spec, new BucketClaim.Keyring(LOOKUP, new Binding.Unbound())));
        claim = Store.claim(spec, new BucketClaim.Keyring(LOOKUP, new Binding.Bound(Store.location(spec), null)));
        try (S3Connection connection = new S3Connection(spec.location(), spec.accessKeys(), null)) {
            for (int share = 1; share <= 2; share++) {
                String first = "records/" + share + "/00000000000000000000000000000000";
                connection.s3().putObject(put -> put.bucket("vault").key(first), RequestBody.fromString("a record"));
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        buckets.close();
        store.close();
    }

    /** The requests of a pass: the check of the bucket, and the highest share that has records. */
    @Test
    void aPassOverAMillionRecordsMakesTheSameRequestsAsOneOverAThousand() {
        List<String> few = requestsOfAPass(FEW, Set.of());
        List<String> many = requestsOfAPass(MANY, Set.of());
        assertThat(few).hasSizeGreaterThan(10);
        assertThat(many).hasSameSizeAs(few);
    }

    /** In a rotation, also the listing that decides whether a share still has records. */
    @Test
    void whetherAShareHasRecordsTakesTheSameRequestsForAMillion() {
        assertThat(requestsOfAPass(MANY, Set.of(1, 2))).hasSameSizeAs(requestsOfAPass(FEW, Set.of(1, 2)));
    }

    @Test
    void recordsThatMoveAreCountedUpToALimit() {
        RecordsOfShare records = buckets.records(spec, claim);
        store.fault = new ManyRecords(FEW);
        assertThat(records.count(1)).contains(FEW);
        store.fault = new ManyRecords(MANY);
        int before = store.requests.size();
        assertThat(records.count(1)).contains(20_000);
        assertThat(store.requests.size() - before)
                .as("20 pages of records, and one of those that wait for their values")
                .isEqualTo(21);
    }

    private List<String> requestsOfAPass(int number, Set<Integer> shares) {
        store.fault = new ManyRecords(number);
        store.requests.clear();
        reconcile(claim);
        RecordsOfShare records = buckets.records(spec, claim);
        assertThat(records.highest()).isEqualTo(Optional.of(2));
        assertThat(records.between(shares).proven()).isTrue();
        return store.requests();
    }

    private void reconcile(BucketClaim of) {
        String reason = buckets.reconcile(spec, of, Map.of(), Instant.EPOCH).reason();
        assertThat(reason).isIn("Ready", "Binding");
    }
}
