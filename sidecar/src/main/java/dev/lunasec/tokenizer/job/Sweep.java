package dev.lunasec.tokenizer.job;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.BucketListing.Listed;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Deletes what erasures and moves left behind: a record that has an erasure marker, because a process stopped between
 * the two steps or a write was late, and a value whose upload was under way when it was erased. A sweep may run at any
 * time, twice at the same time, and stop anywhere.
 *
 * <p>A record and its marker have the same id. So the sweep is divided by the first digit of the ids.
 */
public final class Sweep {
    /**
     * The result.
     *
     * @param markers how many erasures there are
     * @param records how many records and quarantined records had a marker and were deleted
     * @param objects how many values were deleted once more, whether they existed or not
     * @param left how many records and quarantined records are left, also unreadable ones; a record that is moved
     *     meanwhile may count twice. Empty if the sweep did not count them
     */
    public record Done(long markers, long records, long objects, OptionalLong left, Duration took) {}

    /** Each digit keeps a page of each folder in memory, and a bucket may have the folders of many shares. */
    private static final int FOLDERS_AT_ONCE = 8;

    /** For each digit. While it deletes, it does not list. */
    private static final int DELETIONS_AT_ONCE = BoundedParallel.USUAL / Digits.AT_ONCE;

    private final Bucket bucket;
    private final Instant young;
    private final StoreRetry retry;
    private final MarkedDeletions deletions;
    private final LongAdder markers = new LongAdder();
    private final LongAdder records = new LongAdder();
    private final LongAdder objects = new LongAdder();
    private final LongAdder left = new LongAdder();

    /**
     * One sweep.
     *
     * @param young an upload may have been under way during an erasure after this time
     */
    public Sweep(Bucket bucket, Keyring keyring, Instant young, StoreRetry retry) {
        this.bucket = bucket;
        this.young = young;
        this.retry = retry;
        this.deletions = new MarkedDeletions(bucket, keyring, retry);
    }

    /**
     * Sweeps the whole bucket. It lists the records up to the last marker only.
     *
     * @throws CallFailed {@link ErrorCode#STORAGE_UNAVAILABLE} when the store stays unavailable; at the end, {@link
     *     ErrorCode#ERASURE_INCOMPLETE} when it did not delete something
     */
    public Done run() throws InterruptedException {
        return run(false);
    }

    /**
     * Sweeps the whole bucket, and counts the records that are left by the same listing.
     *
     * @throws CallFailed as {@link #run()}
     */
    public Done runAndCount() throws InterruptedException {
        return run(true);
    }

    private Done run(boolean counts) throws InterruptedException {
        long began = System.nanoTime();
        List<String> folders = folders();
        for (int from = 0; from == 0 || from < folders.size(); from += FOLDERS_AT_ONCE) {
            List<String> some = folders.subList(from, Math.min(from + FOLDERS_AT_ONCE, folders.size()));
            boolean first = from == 0;
            Digits.forEach(digit -> sweep(digit, some, first, counts));
        }
        deletions.requireNoneRemains();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        OptionalLong counted = counts ? OptionalLong.of(left.sum()) : OptionalLong.empty();
        return new Done(markers.sum(), records.sum(), objects.sum(), counted, took);
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

    /**
     * All listings are in the order of the ids, so one pass over each of them finds the ids that have a marker.
     *
     * @param first whether these are the first folders, so that each marker counts once
     */
    private void sweep(String digit, List<String> folders, boolean first, boolean counts) throws InterruptedException {
        List<RecordListing> listings = folders.stream()
                .map(folder -> new RecordListing(bucket, retry, folder, digit))
                .toList();
        try (BoundedParallel threads = new BoundedParallel(DELETIONS_AT_ONCE)) {
            for (List<Listed> page = markers(digit, "");
                    !page.isEmpty();
                    page = markers(digit, last(page).key())) {
                List<Listed> erased = page.stream()
                        .filter(marker -> RecordId.isOne(name(marker)))
                        .toList();
                for (RecordListing listing : listings) deleteRecords(listing, erased, name(last(page)), threads);
                if (first) deleteValues(erased, threads);
            }
        }
        if (counts) for (RecordListing listing : listings) countLeft(listing);
    }

    private void deleteRecords(RecordListing listing, List<Listed> erased, String last, BoundedParallel threads)
            throws InterruptedException {
        Set<String> ids = erased.stream().map(Sweep::name).collect(Collectors.toSet());
        threads.forEach(listing.next(ids, last), record -> {
            if (deletions.deleteRecord(listing.folder(), record.id())) records.increment();
            else if (record.visible() && isCounted(listing)) left.increment();
        });
    }

    private void deleteValues(List<Listed> erased, BoundedParallel threads) throws InterruptedException {
        markers.add(erased.size());
        List<RecordId> recent = erased.stream()
                .filter(marker -> marker.lastModified().isAfter(young))
                .map(marker -> new RecordId(name(marker)))
                .toList();
        threads.forEach(recent, id -> {
            if (deletions.deleteValue(id)) objects.increment();
        });
    }

    private void countLeft(RecordListing listing) throws InterruptedException {
        if (!isCounted(listing)) return;
        listing.countRest();
        left.add(listing.others());
    }

    /** A record that waits for its value is no token yet. */
    private static boolean isCounted(RecordListing listing) {
        return !listing.folder().startsWith(BucketLayout.UPLOADS);
    }

    private List<Listed> markers(String digit, String after) throws InterruptedException {
        return retry.with(() -> bucket.listing().objects(BucketLayout.ERASED + digit, after));
    }

    private static Listed last(List<Listed> page) {
        return page.get(page.size() - 1);
    }

    private static String name(Listed marker) {
        return marker.key().substring(BucketLayout.ERASED.length());
    }
}
