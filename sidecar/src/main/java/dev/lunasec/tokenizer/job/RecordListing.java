package dev.lunasec.tokenizer.job;

import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.BucketListing.Name;
import dev.lunasec.tokenizer.token.RecordId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The records of a folder whose ids begin with a digit, in the order of the ids. It asks the store for a page when it
 * needs one, and keeps only that page. Objects that do not have the name of a record are skipped.
 */
final class RecordListing {
    /**
     * An erased record that is still there.
     *
     * @param visible whether the store lists it as an object, and not only as versions that a delete marker hides
     */
    record Erased(RecordId id, boolean visible) {}

    private final Bucket bucket;
    private final StoreRetry retry;
    private final String folder;
    private final String prefix;
    private List<Name> page = List.of();
    private int at;
    private String last = "";
    private boolean ended;
    private long others;

    /**
     * Lists nothing yet.
     *
     * @param digit the first one of the ids
     */
    RecordListing(Bucket bucket, StoreRetry retry, String folder, String digit) {
        this.bucket = bucket;
        this.retry = retry;
        this.folder = folder;
        this.prefix = folder + digit;
    }

    /**
     * The next records that are erased.
     *
     * @param erased the ids of all erased records up to the last name, from that of the call before on
     * @param lastName where it stops; records after it are left to later calls
     */
    List<Erased> next(Set<String> erased, String lastName) throws InterruptedException {
        List<Erased> found = new ArrayList<>();
        for (Name name = current(); name != null && id(name).compareTo(lastName) <= 0; name = next()) {
            if (erased.contains(id(name))) found.add(new Erased(new RecordId(id(name)), name.visible()));
            else if (name.visible()) others++;
        }
        return found;
    }

    /** Counts the records up to the end; none of them is erased. */
    void countRest() throws InterruptedException {
        for (Name name = current(); name != null; name = next()) if (name.visible()) others++;
    }

    String folder() {
        return folder;
    }

    /** How many visible records it has passed that are not erased. */
    long others() {
        return others;
    }

    private @Nullable Name next() throws InterruptedException {
        at++;
        return current();
    }

    /** Null at the end. */
    private @Nullable Name current() throws InterruptedException {
        while (!ended) {
            for (; at < page.size(); at++) if (RecordId.isOne(id(page.get(at)))) return page.get(at);
            page = retry.with(() -> bucket.listing().names(prefix, last));
            at = 0;
            if (page.isEmpty()) ended = true;
            else last = page.get(page.size() - 1).key();
        }
        return null;
    }

    private String id(Name name) {
        return name.key().substring(folder.length());
    }
}
