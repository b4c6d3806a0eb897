package dev.lunasec.operator.rotation;

import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.operator.keyring.KeyringIndex;
import dev.lunasec.operator.keyring.RecordPresence;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the operator observed of the cluster and the bucket, and what the resource asks for. The next step is decided
 * from this alone.
 *
 * @param retired the shares in the Secret of retired shares, each with the time at which it was retired
 * @param retiredVersion the resource version of that Secret; empty if it does not exist
 * @param bucketListed whether the bucket was listed and holds no record of a share that the keyring does not know
 * @param bucketProven whether the bucket was proven to be the vault's before the records were listed and again after it
 * @param pods the keyring announcement of each tokenizer pod, pods that are terminating included
 * @param rolledOut whether the Deployment has only pods of its current template, and all of them are available
 * @param rewrapJobs the rewrap Job of each older share
 * @param sweepJobs the sweep Job of each older share, which runs after the records of the share were moved
 * @param records whether there are records of each older share, retired shares included
 * @param quarantined the number of quarantined records of each older share
 * @param workerFailures the termination messages of workers that failed, one sentence each
 * @param now the time of the API server, by whose clock all ages of shares are measured
 * @param clocks how far the clocks differ
 */
public record RotationState(
        RotationPolicy policy,
        KeyringIndex keyring,
        Map<Integer, Instant> retired,
        String retiredVersion,
        boolean bucketListed,
        boolean bucketProven,
        List<KeyringAnnouncement> pods,
        boolean rolledOut,
        Map<Integer, JobState> rewrapJobs,
        Map<Integer, JobState> sweepJobs,
        Map<Integer, RecordPresence> records,
        Map<Integer, Integer> quarantined,
        List<String> workerFailures,
        Instant now,
        Clocks clocks) {

    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    /** A rotation that waits longer than this for pods, workers or a decision is overdue. */
    private static final Duration OVERDUE_AFTER = Duration.ofDays(1);

    /**
     * The time until a step may become due that no event announces: the end of a grace period, or the maximum age of a
     * share.
     *
     * @return at least one second; empty if no such time is known
     */
    public Optional<Duration> nextAt() {
        Stream<Instant> graceEnds = retired.entrySet().stream()
                .filter(share -> !keyring.shares().contains(share.getKey()))
                .map(share -> policy.graceEnds(share.getKey(), share.getValue()));
        return Stream.concat(graceEnds, policy.dueAt(keyring).stream())
                .min(Comparator.naturalOrder())
                .map(due -> Duration.between(now, due))
                .map(wait -> wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait);
    }

    JobState rewrapJob(int share) {
        return rewrapJobs.getOrDefault(share, JobState.NONE);
    }

    /** Whether a worker may still move records of a share. */
    boolean workersRun(int share) {
        return rewrapJob(share) == JobState.RUNNING || rewrapJob(share) == JobState.OUTDATED;
    }

    JobState sweepJob(int share) {
        return sweepJobs.getOrDefault(share, JobState.NONE);
    }

    /** A listing of a bucket that may be another one says nothing about the records of the vault. */
    RecordPresence records(int share) {
        return bucketProven ? records.getOrDefault(share, RecordPresence.UNKNOWN) : RecordPresence.UNKNOWN;
    }

    int quarantined(int share) {
        return quarantined.getOrDefault(share, 0);
    }

    /** Whether the rotation should be complete by now. */
    public boolean overdue() {
        boolean rotating = keyring.shares().stream()
                .anyMatch(share -> share != keyring.primary() && !policy.kept().contains(share));
        Optional<Instant> since = rotating ? Optional.ofNullable(keyring.created()) : policy.dueAt(keyring);
        return since.map(time -> now.isAfter(time.plus(OVERDUE_AFTER))).orElse(false);
    }

    /** Whether every pod has all shares of the keyring, and its primary share. */
    boolean everyPodHasTheKeyring() {
        return rolledOut && pods.stream().allMatch(pod -> pod.covers(keyring.announcement()));
    }

    /** Whether no pod has a share that the keyring lacks. */
    boolean noPodHasRetiredShares() {
        return pods.stream().allMatch(pod -> keyring.shares().containsAll(pod.shares()));
    }
}
