package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketClaim;
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
    private final BucketClaim claim;
    private final Map<Setting, Instant> tried = new EnumMap<>(Setting.class);
    private @Nullable BucketStatus status;
    private long finishedAt;
    private @Nullable Long identitySince;

    BucketCheck(BucketSpec spec, BucketClaim claim) {
        this.spec = spec;
        this.claim = claim;
    }

    /** Whether the check is of exactly this bucket and claim; after any change of them, nothing is known. */
    boolean isOf(BucketSpec otherSpec, BucketClaim otherClaim) {
        return spec.equals(otherSpec) && claim.equals(otherClaim);
    }

    /**
     * When the identity of the vault has been in the bucket for this long, counted from the first call; zero if it has.
     */
    synchronized Duration identityDue(Duration delay) {
        long now = System.nanoTime();
        if (identitySince == null) {
            identitySince = now;
            return delay;
        }
        Duration due = delay.minusNanos(now - identitySince);
        return due.isNegative() ? Duration.ZERO : due;
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
        if (now.bindingDue() == null) identitySince = null;
    }
}
