package dev.lunasec.operator.controller;

import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.rotation.RotationState;
import dev.lunasec.operator.rotation.Step;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All waiting times of the reconciler, and the decision when the next pass of a vault starts if no event starts one
 * earlier.
 */
final class Requeue {
    /** After a pass that failed; doubled after each further failure, up to {@link #LONGEST_RETRY_MILLIS}. */
    static final int FIRST_RETRY_MILLIS = 1_000;

    static final int LONGEST_RETRY_MILLIS = 60_000;

    /** The longest time between two passes of a vault. */
    static final int LONGEST_MINUTES = 2;

    /** The next pass has to read what this pass wrote. */
    static final Duration AFTER_OWN_WRITE = Duration.ofMillis(100);
    /** Pods and workers make progress of which the operator gets no event. */
    static final Duration WHILE_ROTATING = Duration.ofSeconds(3);
    /**
     * Nothing tells the operator that a store answers again, or that someone repaired a bucket or a Secret, or set a
     * clock.
     */
    static final Duration WHILE_STORE_NEEDS_WORK = Duration.ofSeconds(10);

    /** For a pass that was postponed because its namespace has too many running ones. */
    static final Duration WHILE_NAMESPACE_IS_BUSY = Duration.ofSeconds(1);

    private static final Duration LONGEST = Duration.ofMinutes(LONGEST_MINUTES);

    private Requeue() {}

    /**
     * The waiting time while the identity of the vault is in the bucket, and the keyring does not pin the bucket yet.
     *
     * @param due when the vault may be bound; null if it is not to be
     * @return empty if the vault is not bound, because of its bucket or because of its keyring
     */
    static Optional<Duration> whileBinding(KeyringState keyring, @Nullable Duration due) {
        if (!(keyring instanceof KeyringState.Present)) return Optional.empty();
        return Optional.ofNullable(due).map(wait -> wait.compareTo(AFTER_OWN_WRITE) < 0 ? AFTER_OWN_WRITE : wait);
    }

    /**
     * The waiting time after a pass that succeeded.
     *
     * @param storageReady whether the store has everything that the vault needs
     * @param rotation what the step was decided from; null while the keyring must not be changed
     * @param step the step that follows from it, whose write is done; null together with {@code rotation}
     * @return empty to wait for {@link PassLimits#atRest}
     */
    static Optional<Duration> after(
            boolean storageReady, KeyringState keyring, @Nullable RotationState rotation, @Nullable Step step) {
        if (keyring instanceof KeyringState.NotCreated) return Optional.of(AFTER_OWN_WRITE);
        // The next pass shows whether the store lists what the bucket holds.
        if (step != null && step.action() == Step.Action.MARK_START) return Optional.of(WHILE_ROTATING);
        if (step != null && step.action() != Step.Action.WAIT) return Optional.of(AFTER_OWN_WRITE);
        if (step != null && step.phase().progresses()) return Optional.of(WHILE_ROTATING);
        boolean storeNeedsWork = !storageReady
                || keyring instanceof KeyringState.Outdated
                || keyring instanceof KeyringState.RetiredUnusable
                || (step != null && step.phase() == Step.Phase.LISTING_INCOMPLETE)
                || (step != null && step.phase() == Step.Phase.QUARANTINED)
                || (step != null && step.phase() == Step.Phase.CLOCKS_DISAGREE);
        if (storeNeedsWork) return Optional.of(WHILE_STORE_NEEDS_WORK);
        return Optional.ofNullable(rotation).flatMap(RotationState::nextAt).filter(due -> due.compareTo(LONGEST) < 0);
    }
}
