package dev.lunasec.tokenizer.job;

import dev.lunasec.s3.VersionListing.Version;
import dev.lunasec.tokenizer.store.Bucket;
import java.util.Iterator;
import java.util.List;

/** The versions of some prefixes, one page of the store after the other. */
final class VersionPages implements BoundedParallel.Pages<Version> {
    private final Bucket bucket;
    private final StoreRetry retry;
    private final Iterator<String> prefixes;
    private String prefix;
    private String after = "";

    /** @param prefixes at least one */
    VersionPages(Bucket bucket, StoreRetry retry, List<String> prefixes) {
        this.bucket = bucket;
        this.retry = retry;
        this.prefixes = prefixes.iterator();
        this.prefix = this.prefixes.next();
    }

    @Override
    public List<Version> next() throws InterruptedException {
        while (true) {
            List<Version> page = retry.with(() -> bucket.listing().versions(prefix, after));
            if (!page.isEmpty()) {
                after = page.getLast().name();
                return page;
            }
            if (!prefixes.hasNext()) return page;
            prefix = prefixes.next();
            after = "";
        }
    }
}
