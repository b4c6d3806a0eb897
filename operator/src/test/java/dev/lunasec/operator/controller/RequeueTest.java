package dev.lunasec.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.Binding;
import dev.lunasec.operator.keyring.KeyringIndex;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.rotation.Clocks;
import dev.lunasec.operator.rotation.RotationPolicy;
import dev.lunasec.operator.rotation.RotationState;
import dev.lunasec.operator.rotation.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class RequeueTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final KeyringIndex INDEX = new KeyringIndex(2, List.of(2), 2, null, null);
    private static final KeyringState KEYRING =
            new KeyringState.Present(INDEX, "uid/1", false, new Binding.Unbound(), false);
    private static final Step IDLE = step(Step.Phase.IDLE, Step.Action.WAIT);

    @Test
    void aVaultAtRestWaitsForTheLongestTime() {
        assertThat(Requeue.after(true, KEYRING, retired(Map.of()), IDLE)).isEmpty();
    }

    @Test
    void aPassThatWroteIsFollowedAtOnce() {
        assertThat(Requeue.after(true, KEYRING, retired(Map.of()), step(Step.Phase.REWRAP, Step.Action.START_REWRAP)))
                .contains(Requeue.AFTER_OWN_WRITE);
        assertThat(Requeue.after(true, new KeyringState.NotCreated(), null, null))
                .contains(Requeue.AFTER_OWN_WRITE);
    }

    @Test
    void aRotationIsObservedEveryFewSeconds() {
        assertThat(Requeue.after(false, KEYRING, retired(Map.of()), step(Step.Phase.REWRAP, Step.Action.WAIT)))
                .contains(Requeue.WHILE_ROTATING);
    }

    @Test
    void aStoreThatNeedsWorkIsAskedAgain() {
        assertThat(Requeue.after(false, KEYRING, retired(Map.of()), IDLE)).contains(Requeue.WHILE_STORE_NEEDS_WORK);
        assertThat(Requeue.after(false, new KeyringState.Unknown(), null, null))
                .contains(Requeue.WHILE_STORE_NEEDS_WORK);
        assertThat(Requeue.after(true, new KeyringState.Outdated("vault-keyring", 7), null, null))
                .contains(Requeue.WHILE_STORE_NEEDS_WORK);
        assertThat(Requeue.after(true, KEYRING, retired(Map.of()), step(Step.Phase.QUARANTINED, Step.Action.WAIT)))
                .contains(Requeue.WHILE_STORE_NEEDS_WORK);
    }

    /** Nothing binds such a vault, so a pass that followed at once would be followed by another one without an end. */
    @Test
    void aVaultWhoseRetiredSharesAreUnusableIsNotHurriedAlthoughItCouldBeBound() {
        KeyringState unusable = new KeyringState.RetiredUnusable("Delete it.");
        assertThat(Requeue.whileBinding(unusable, Duration.ZERO)).isEmpty();
        assertThat(Requeue.after(true, unusable, null, null)).contains(Requeue.WHILE_STORE_NEEDS_WORK);
        assertThat(Requeue.whileBinding(KEYRING, Duration.ZERO)).contains(Requeue.AFTER_OWN_WRITE);
        assertThat(Requeue.whileBinding(KEYRING, null)).isEmpty();
    }

    @Test
    void aDueTimeCountsWhenItComesBeforeTheLongestTime() {
        Instant soon = NOW.minus(Duration.ofHours(1)).plusSeconds(30);
        assertThat(Requeue.after(true, KEYRING, retired(Map.of(1, soon)), IDLE)).contains(Duration.ofSeconds(30));
        assertThat(Requeue.after(true, KEYRING, retired(Map.of(1, NOW)), IDLE)).isEmpty();
    }

    @Test
    void theOperatorWaitsAsLongAsThePassAskedForAndTestsLess() {
        assertThat(PassLimits.DEFAULT.shorten(Requeue.WHILE_STORE_NEEDS_WORK))
                .isEqualTo(Requeue.WHILE_STORE_NEEDS_WORK);
        PassLimits ofTests = new PassLimits(1, 1, Duration.ofMinutes(2), Duration.ofSeconds(1));
        assertThat(ofTests.shorten(Requeue.WHILE_STORE_NEEDS_WORK)).isEqualTo(Duration.ofSeconds(1));
        assertThat(ofTests.shorten(Requeue.AFTER_OWN_WRITE)).isEqualTo(Requeue.AFTER_OWN_WRITE);
    }

    private static Step step(Step.Phase phase, Step.Action action) {
        return new Step(phase, 1, action, "Why.");
    }

    /** A vault whose retired shares have a grace period of one hour. */
    private static RotationState retired(Map<Integer, Instant> retired) {
        RotationPolicy policy =
                new RotationPolicy(2, null, Duration.ofHours(1), Duration.ZERO, Set.of(), Set.of(), Set.of());
        return new RotationState(
                policy,
                INDEX,
                retired,
                "1",
                true,
                true,
                List.of(),
                true,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                NOW,
                new Clocks(Duration.ZERO, Duration.ZERO));
    }
}
