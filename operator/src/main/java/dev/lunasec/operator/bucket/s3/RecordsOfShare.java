package dev.lunasec.operator.bucket.s3;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.operator.bucket.BucketClaim;
import dev.lunasec.operator.bucket.BucketContents;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.StorageFailed;
import dev.lunasec.operator.keyring.RecordPresence;
import dev.lunasec.s3.StoreClock;
import dev.lunasec.s3.VersionListing;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/** The records in one bucket, by the share that they are sealed with. Each answer comes from a new listing. */
public final class RecordsOfShare {
    /** Counting ends here, because a listing returns at most a thousand names and takes time. */
    private static final int COUNT_LIMIT = 20_000;

    /** A store that answers ever more empty pages must not hold a pass for ever. */
    private static final int MOST_PAGES = 1000;

    private final @Nullable Source source;

    private record Source(BucketConnections connections, BucketSpec spec, BucketClaim claim) {
        StartMarkers starts(S3Client s3) {
            return new StartMarkers(
                    s3, spec.bucket(), Objects.requireNonNull(claim.keyring()).id());
        }
    }

    /**
     * The records of several shares, listed in one go.
     *
     * @param proven whether the bucket was proven to be the vault's before the listings and again after them, over the
     *     same connection
     * @param left whether there are records of each share, also of values that are being uploaded in parts; {@link
     *     RecordPresence#UNPROVEN} if the store lists neither a record nor the start markers of the share
     * @param quarantined the number of quarantined records of each share, counted up to 1000
     */
    public record Listing(boolean proven, Map<Integer, RecordPresence> left, Map<Integer, Integer> quarantined) {
        private static final Listing UNKNOWN = new Listing(false, Map.of(), Map.of());
    }

    private RecordsOfShare(@Nullable Source source) {
        this.source = source;
    }

    RecordsOfShare(BucketConnections connections, BucketSpec spec, BucketClaim claim) {
        this(new Source(connections, spec, claim));
    }

    /** The records of a store that gives no answer at the moment. */
    public static RecordsOfShare unknown() {
        return new RecordsOfShare(null);
    }

    /**
     * Whether the bucket holds anything, which may need a keyring that exists no more. A bucket that does not exist is
     * unknown.
     */
    public RecordPresence any() {
        return ask((s3, bucket) -> new BucketListing(s3, bucket).contents(null) == BucketContents.EMPTY
                        ? RecordPresence.NONE
                        : RecordPresence.SOME)
                .orElse(RecordPresence.UNKNOWN);
    }

    /** Lists the records of these shares between two proofs that the bucket is the vault's. */
    public Listing between(Set<Integer> shares) {
        Source known = source;
        if (known == null) return Listing.UNKNOWN;
        return ask((s3, bucket) -> {
                    BucketIdentity identity = new BucketIdentity(s3, bucket, known.claim);
                    if (!identity.isProven()) return Listing.UNKNOWN;
                    StartMarkers starts = known.starts(s3);
                    Map<Integer, RecordPresence> left = new HashMap<>();
                    Map<Integer, Integer> quarantined = new HashMap<>();
                    for (int share : shares) {
                        quarantined.put(share, count(s3, bucket, BucketLayout.quarantine(share), 1000));
                        // Old versions and delete markers count.
                        boolean none = BucketLayout.sealedWith(share).stream()
                                .allMatch(new VersionListing(s3, bucket)::isEmpty);
                        left.put(share, none ? withoutRecords(starts, share) : RecordPresence.SOME);
                    }
                    return new Listing(identity.isProven(), left, quarantined);
                })
                .orElse(Listing.UNKNOWN);
    }

    private static RecordPresence withoutRecords(StartMarkers starts, int share) {
        return starts.areListed(share) ? RecordPresence.NONE : RecordPresence.UNPROVEN;
    }

    /**
     * Puts the start markers of a share, before the first record is sealed with it, if the bucket is proven to be the
     * vault's. It may be repeated. A later listing shows whether the markers are there.
     */
    public void markStart(int share) {
        Source known = source;
        if (known == null) return;
        Optional<Boolean> unused = ask((s3, bucket) -> {
            boolean proven = new BucketIdentity(s3, bucket, known.claim).isProven();
            if (proven) known.starts(s3).put(share);
            return proven;
        });
    }

    /**
     * The highest share number that has records or old versions of them; 0 if the bucket holds none; empty if the store
     * gives no answer.
     */
    public Optional<Integer> highest() {
        return ask((s3, bucket) -> Stream.of(BucketLayout.RECORDS, BucketLayout.UPLOADS)
                .flatMap(folder -> new VersionListing(s3, bucket).folders(folder).stream())
                .flatMapToInt(folder -> BucketLayout.shareOf(folder).stream())
                .max()
                .orElse(0));
    }

    /** How many records of a share are quarantined, counted up to 1000; empty if the store gives no answer. */
    public Optional<Integer> quarantined(int share) {
        return count(BucketLayout.quarantine(share), 1000);
    }

    /**
     * How many records are sealed with a share, in each folder counted up to {@link #COUNT_LIMIT}; empty if the store
     * gives no answer.
     */
    public Optional<Integer> count(int share) {
        return ask((s3, bucket) -> BucketLayout.sealedWith(share).stream()
                .mapToInt(folder -> count(s3, bucket, folder, COUNT_LIMIT))
                .sum());
    }

    /** The time of the store's clock, in whole seconds; empty if the store gives no answer, or one without a time. */
    public Optional<Instant> time() {
        return ask(StoreClock::now).flatMap(Function.identity());
    }

    private Optional<Integer> count(String prefix, int limit) {
        return ask((s3, bucket) -> count(s3, bucket, prefix, limit));
    }

    private static int count(S3Client s3, String bucket, String prefix, int limit) {
        int count = 0;
        int pages = 0;
        @Nullable String from = null;
        do {
            String token = from;
            ListObjectsV2Response page = s3.listObjectsV2(list -> list.bucket(bucket)
                    .prefix(prefix)
                    .maxKeys(Math.min(limit, 1000))
                    .continuationToken(token));
            count += page.contents().size();
            if (++pages == MOST_PAGES) throw SdkClientException.create("A listing of the store has no end.");
            from = page.nextContinuationToken();
        } while (from != null && count < limit);
        return count;
    }

    /** Leases the connection for one question, because the answers of a pass are needed at different times. */
    private <T> Optional<T> ask(BiFunction<S3Client, String, T> question) {
        Source known = source;
        if (known == null) return Optional.empty();
        try (BucketConnections.Lease lease = known.connections.lease(known.spec)) {
            return Optional.of(question.apply(lease.connection().s3(), known.spec.bucket()));
        } catch (SdkException | StorageFailed e) {
            return Optional.empty();
        }
    }
}
