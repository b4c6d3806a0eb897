package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.Setting;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the operator remembers of the last check of one bucket. All of it can be found out again. */
final class BucketCheck {
    private final BucketSpec spec;
    private final Set<Setting> unsupported = EnumSet.noneOf(Setting.class);
    private @Nullable BucketStatus status;
    private long finishedAt;

    BucketCheck(BucketSpec spec) {
        this.spec = spec;
    }

    /** Whether the check is of exactly this bucket; after any change of the spec, nothing is known. */
    boolean isOf(BucketSpec other) {
        return spec.equals(other);
    }

    /** The settings that this store is known not to support. */
    synchronized Set<Setting> unsupported() {
        return Set.copyOf(unsupported);
    }

    /** @param titles of settings; unknown ones are ignored */
    synchronized void addUnsupported(Set<String> titles) {
        for (Setting setting : Setting.values()) {
            if (titles.contains(setting.title())) unsupported.add(setting);
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
