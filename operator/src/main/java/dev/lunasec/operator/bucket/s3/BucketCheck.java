package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.Setting;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the operator remembers of the last check of one bucket. All of it can be found out again. */
final class BucketCheck {
    private final BucketSpec spec;
    private final Map<Setting, Instant> tried = new EnumMap<>(Setting.class);
    private @Nullable BucketStatus status;
    private long finishedAt;

    BucketCheck(BucketSpec spec) {
        this.spec = spec;
    }

    /** Whether the check is of exactly this bucket; after any change of the spec, nothing is known. */
    boolean isOf(BucketSpec other) {
        return spec.equals(other);
    }

    /** The settings that the operator wrote in vain, and when. */
    synchronized Map<Setting, Instant> tried() {
        return Map.copyOf(tried);
    }

    /** Remembers that the operator wrote a setting in vain. */
    synchronized void addTried(Setting setting, Instant now) {
        tried.put(setting, now);
    }

    /**
     * Adds what an operator before this one found out; what this one found out itself stays.
     *
     * @param byTitle times by titles of settings; unknown titles are ignored
     */
    synchronized void addKnown(Map<String, Instant> byTitle) {
        for (Setting setting : Setting.values()) {
            Instant known = byTitle.get(setting.title());
            if (known != null) tried.putIfAbsent(setting, known);
        }
    }

    /** The status of the last check, if it was ready and is not older than the given time. */
    synchronized Optional<BucketStatus> readyWithin(Duration validity) {
        return Optional.ofNullable(status)
                .filter(last -> last.ready() && System.nanoTime() - finishedAt < validity.toNanos());
    }

    synchronized void finished(BucketStatus now) {
        finishedAt = System.nanoTime();
        status = now;
    }
}
