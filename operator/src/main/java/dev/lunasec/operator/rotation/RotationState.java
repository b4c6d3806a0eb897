package dev.lunasec.operator.rotation;

import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.operator.keyring.KeyringIndex;
import dev.lunasec.operator.keyring.KeyringState.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands in the cluster and the bucket.
 *
 * @param retired since when each retired share is
 * @param retiredVersion of the Secret that holds those; empty when there is none
 * @param bucketIsKnown whether the bucket was asked for shares that the keyring does not know, and has none
 * @param pods the keyring that each tokenizer pod runs with, terminating ones included
 * @param settled whether the Deployment has no pods of an older version and makes none
 * @param rewraps how the Job stands that moves the records of a share
 * @param sweeps how the Job stands that deletes what was erased, after the records of a share were moved
 * @param records under the prefix of each share that is older than the primary, retired ones included
 * @param complaints what workers said when they failed, one sentence each
 * @param quarantined how many damaged records of a share were put aside
 */
public record RotationState(
        RotationPolicy wish,
        KeyringIndex keyring,
        Map<Integer, Instant> retired,
        String retiredVersion,
        boolean bucketIsKnown,
        List<KeyringAnnouncement> pods,
        boolean settled,
        Map<Integer, Job> rewraps,
        Map<Integer, Job> sweeps,
        Map<Integer, Records> records,
        Map<Integer, Integer> quarantined,
        List<String> complaints,
        Instant now) {

    private static final Duration LATE = Duration.ofDays(1);

    /** How a Job stands. A Job that is gone and has left a pod behind still runs. */
    public enum Job {
        NONE,
        RUNNING,
        DONE,
        FAILED,
        /** It runs, and not as the resource asks for by now: with another number of workers, another rate or another image. */
        OUTDATED
    }

    Job rewrap(int share) {
        return rewraps.getOrDefault(share, Job.NONE);
    }

    /** Whether a worker may still move records of a share. */
    boolean moves(int share) {
        return rewrap(share) == Job.RUNNING || rewrap(share) == Job.OUTDATED;
    }

    Job sweep(int share) {
        return sweeps.getOrDefault(share, Job.NONE);
    }

    Records records(int share) {
        return records.getOrDefault(share, Records.UNKNOWN);
    }

    int quarantined(int share) {
        return quarantined.getOrDefault(share, 0);
    }

    /** Whether a rotation should have been complete by now: nobody waits for pods, workers or a decision longer than a day. */
    public boolean overdue() {
        boolean inCourse = keyring.shares().stream()
                .anyMatch(share -> share != keyring.primary() && !wish.kept().contains(share));
        Optional<Instant> since = inCourse ? Optional.ofNullable(keyring.made()) : wish.dueAt(keyring);
        return since.map(time -> now.isAfter(time.plus(LATE))).orElse(false);
    }

    /** Whether every pod runs with all that the keyring holds. */
    boolean everyPodHasTheKeyring() {
        return settled && pods.stream().allMatch(pod -> pod.covers(keyring.announcement()));
    }

    /** Whether no pod runs with a share that the keyring does not hold. */
    boolean noPodHasMore() {
        return pods.stream().allMatch(pod -> keyring.shares().containsAll(pod.shares()));
    }
}
