package dev.lunasec.tokenizer.job;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.BucketListing.Listed;
import dev.lunasec.tokenizer.store.ErasureMarkers;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.token.ErasureClaims;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what erasures and moves left behind: a record that has an erasure marker, because a process stopped between
 * the two steps or a write was late, and a value whose upload was under way when it was erased. A sweep may run at any
 * time, twice at the same time, and stop anywhere.
 *
 * <p>The class is long because it merges two listings page by page.
 */
public final class Sweep {
    private static final Logger log = LoggerFactory.getLogger(Sweep.class);

    /**
     * The result.
     *
     * @param markers how many erasures there are
     * @param records how many records and quarantined records had a marker and were deleted
     * @param objects how many values were deleted once more, whether they existed or not
     */
    public record Done(long markers, long records, long objects, Duration took) {}

    private static final int BATCH = 1000;

    private final Bucket bucket;
    private final ErasureMarkers erasures;
    private final Instant young;
    private final StoreRetry retry;
    private final int batch;
    private final LongAdder markers = new LongAdder();
    private final LongAdder records = new LongAdder();
    private final LongAdder objects = new LongAdder();
    private final Remaining remaining = new Remaining();

    /**
     * One sweep.
     *
     * @param young an upload may have been under way during an erasure after this time
     */
    public Sweep(Bucket bucket, Keyring keyring, Instant young, StoreRetry retry) {
        this(bucket, keyring, young, retry, BATCH);
    }

    /** @param batch how many deletions it collects before it begins them */
    Sweep(Bucket bucket, Keyring keyring, Instant young, StoreRetry retry, int batch) {
        this.bucket = bucket;
        this.erasures = new S3ErasureMarkers(bucket, keyring);
        this.young = young;
        this.retry = retry;
        this.batch = batch;
    }

    /**
     * Sweeps the whole bucket.
     *
     * @throws CallFailed {@link ErrorCode#STORAGE_UNAVAILABLE} when the store stays unavailable; at the end, {@link
     *     ErrorCode#ERASURE_INCOMPLETE} when it did not delete something
     */
    public Done run() throws InterruptedException {
        long began = System.nanoTime();
        try (BoundedParallel deletions = new BoundedParallel(BoundedParallel.USUAL)) {
            for (String folder : folders()) deleteErased(folder, deletions);
            deleteUploads(deletions);
        }
        remaining.requireNone();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        return new Done(markers.sum(), records.sum(), objects.sum(), took);
    }

    /**
     * The folders of all shares, also of those that are no longer live: nothing that was erased may be left anywhere.
     */
    private List<String> folders() throws InterruptedException {
        List<String> folders = new ArrayList<>(retry.with(() -> bucket.listing().folders(BucketLayout.RECORDS)));
        folders.addAll(retry.with(() -> bucket.listing().folders(BucketLayout.QUARANTINE)));
        folders.addAll(retry.with(() -> bucket.listing().folders(BucketLayout.UPLOADS)));
        return folders;
    }

    /** Both listings are in the order of the ids, so one pass over both finds the ids that are in both. */
    private void deleteErased(String folder, BoundedParallel deletions) throws InterruptedException {
        Listing erased = new Listing(BucketLayout.ERASED, bucket.listing()::objects);
        Listing there = new Listing(folder, bucket.listing()::names);
        while (erased.hasNext() && there.hasNext()) {
            List<RecordId> both = new ArrayList<>();
            while (erased.hasNext() && there.hasNext() && both.size() < batch) {
                int order = erased.id().compareTo(there.id());
                if (order == 0) both.add(new RecordId(there.id()));
                if (order <= 0) erased.next();
                if (order >= 0) there.next();
            }
            deletions.forEach(both, id -> {
                if (remaining
                        .past("the erased record " + id, () -> retry.with(() -> deleteRecord(folder, id)))
                        .orElse(false)) records.increment();
            });
        }
    }

    private void deleteUploads(BoundedParallel deletions) throws InterruptedException {
        Listing erased = new Listing(BucketLayout.ERASED, bucket.listing()::objects);
        while (erased.hasNext()) {
            List<RecordId> recent = new ArrayList<>();
            for (; erased.hasNext() && recent.size() < batch; erased.next()) {
                markers.increment();
                if (erased.lastModified().isAfter(young)) recent.add(new RecordId(erased.id()));
            }
            deletions.forEach(recent, id -> {
                if (remaining
                        .past("the value of the erased record " + id, () -> retry.with(() -> deleteUpload(id)))
                        .orElse(false)) objects.increment();
            });
        }
    }

    /** A marker that someone else wrote must not delete anything. */
    private boolean deleteRecord(String folder, RecordId id) {
        if (erasures.find(id).isEmpty()) {
            log.warn("this vault did not write the erasure marker of the record {}, so the record stays", id);
            return false;
        }
        bucket.delete(folder + id);
        return true;
    }

    private boolean deleteUpload(RecordId id) {
        Optional<ErasureClaims> erasure = erasures.find(id);
        if (erasure.isEmpty()) {
            log.warn(
                    "this vault did not write the erasure marker of the record {}, so no object is deleted for it", id);
            return false;
        }
        bucket.delete(Layout.object(erasure.get().object()));
        return true;
    }

    /**
     * The ids in a folder in order, page by page as the store lists them. Objects that do not have the name of a record
     * are skipped.
     */
    private final class Listing {
        private final String folder;
        private final BiFunction<String, String, List<Listed>> source;
        private List<Listed> page;
        private int at;

        /** @param source the next objects of a prefix after a key */
        Listing(String folder, BiFunction<String, String, List<Listed>> source) throws InterruptedException {
            this.folder = folder;
            this.source = source;
            this.page = list("");
            settle();
        }

        boolean hasNext() {
            return at < page.size();
        }

        String id() {
            return page.get(at).key().substring(folder.length());
        }

        Instant lastModified() {
            return page.get(at).lastModified();
        }

        void next() throws InterruptedException {
            at++;
            settle();
        }

        private void settle() throws InterruptedException {
            while (!page.isEmpty()) {
                for (; at < page.size(); at++) if (RecordId.isOne(id())) return;
                page = list(page.get(page.size() - 1).key());
                at = 0;
            }
        }

        private List<Listed> list(String after) throws InterruptedException {
            return retry.with(() -> source.apply(folder, after));
        }
    }
}
