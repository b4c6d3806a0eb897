package dev.lunasec.operator.controller;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How many passes the operator runs, and how often.
 *
 * @param atOnce the most passes that run at the same time, at least 1; a vault has at most one
 * @param ofNamespace the most of them that belong to the vaults of one namespace, at least 1
 * @param interval the longest time between two passes over a vault
 * @param longestWait the longest time until a pass that the pass before asked for
 */
public record PassLimits(int atOnce, int ofNamespace, Duration interval, Duration longestWait) {
    private static final Duration LONGEST = Duration.ofMinutes(Requeue.LONGEST_MINUTES);

    /** A pass that waits for a store that hangs takes a thread and about 200 KiB of memory for its connection. */
    public static final PassLimits DEFAULT = new PassLimits(200, 50, LONGEST, LONGEST);

    /** The random part of the waiting time of a vault at rest: an eighth of the interval. */
    private static final int RANDOM_PART = 8;

    /**
     * The waiting time before the next pass over a vault at rest. Its last eighth is random, so that passes over many
     * vaults that began at the same time, when the operator started for example, do not stay together.
     */
    Duration atRest() {
        long random = interval.toNanos() / RANDOM_PART;
        return interval.minusNanos(ThreadLocalRandom.current().nextLong(random + 1));
    }

    /** The waiting time before a pass that this pass asks for. */
    Duration shorten(Duration wait) {
        return wait.compareTo(longestWait) < 0 ? wait : longestWait;
    }
}
