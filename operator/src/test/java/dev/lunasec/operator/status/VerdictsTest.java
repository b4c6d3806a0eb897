package dev.lunasec.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.operator.keyring.Keyring;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.rotation.Step;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class VerdictsTest {
    private static final Verdict GOOD = Verdict.yes("Ready", "Good.");
    private static final KeyringState KEYS =
            new KeyringState.Present(new Keyring(1, List.of(1), 1, null, null), "uid", false);
    private static final Step IDLE = step(Step.Phase.IDLE);
    private static final Pods SERVING = new Pods(2, 2, 2, 2, true, List.of(), List.of());

    @Test
    void readyWhenAllHolds() {
        Map<String, Verdict> verdicts = Verdicts.of(GOOD, GOOD, GOOD, KEYS, IDLE, SERVING);
        assertThat(said(verdicts, "Ready").holds()).isTrue();
        assertThat(verdicts)
                .containsOnlyKeys("StorageReady", "GrantsReady", "KeysReady", "Available", "Ready", "Rotating");
    }

    @Test
    void readySaysTheFirstThingThatDoesNotHold() {
        Verdict storage = Verdict.no("SSECBlocked", "Allow it.");
        Verdict ready = Verdicts.of(storage, GOOD, GOOD, KEYS, IDLE, Pods.NONE).get("Ready");
        assertThat(ready).isEqualTo(Verdict.no("SSECBlocked", "Allow it."));
    }

    @Test
    void aPodThatFailedSaysWhyInItsOwnWords() {
        Pods pods =
                new Pods(2, 2, 2, 0, false, List.of("The bucket does not exist."), List.of("Pod a: CrashLoopBackOff."));
        assertThat(Verdicts.available(GOOD, pods)).isEqualTo(Verdict.no("StartFailed", "The bucket does not exist."));
    }

    @Test
    void withoutItsCertificateNothingIsAvailable() {
        Verdict missing = Verdict.no("SecretMissing", "The Secret vault-tls does not exist; create it.");
        assertThat(said(Verdicts.of(GOOD, GOOD, missing, KEYS, IDLE, SERVING), "Available"))
                .isEqualTo(missing);
        assertThat(said(Verdicts.of(GOOD, GOOD, missing, KEYS, IDLE, SERVING), "Ready"))
                .isEqualTo(missing);
    }

    @Test
    void aRolloutIsAvailableButNotReady() {
        Pods pods = new Pods(2, 3, 1, 2, false, List.of(), List.of("Pod c: ContainerCreating."));
        Map<String, Verdict> verdicts = Verdicts.of(GOOD, GOOD, GOOD, KEYS, IDLE, pods);
        assertThat(said(verdicts, "Available").holds()).isTrue();
        assertThat(said(verdicts, "Ready").reason()).isEqualTo("RollingOut");
        assertThat(said(verdicts, "Ready").message()).contains("Pod c: ContainerCreating.");
    }

    @Test
    void noPodsAreNotAvailable() {
        Pods none = new Pods(0, 0, 0, 0, true, List.of(), List.of());
        assertThat(Verdicts.available(GOOD, none).reason()).isEqualTo("NoReplicas");
    }

    @Test
    void everyStateOfTheKeyringHasItsReason() {
        assertThat(Verdicts.keys(KEYS).holds()).isTrue();
        assertThat(Verdicts.keys(new KeyringState.Present(new Keyring(1, List.of(1), 1, null, null), "uid", true))
                        .reason())
                .isEqualTo("KeyringBeingDeleted");
        assertThat(Verdicts.keys(new KeyringState.Unreadable("Bad.")).reason()).isEqualTo("KeyringUnreadable");
        assertThat(Verdicts.keys(new KeyringState.Lost("vault-keyring")).message())
                .contains("vault-keyring");
        assertThat(Verdicts.keys(new KeyringState.MayBeMade()).truth()).isEqualTo(Verdict.Truth.Unknown);
        assertThat(Verdicts.keys(new KeyringState.Undecided()).truth()).isEqualTo(Verdict.Truth.Unknown);
    }

    @Test
    void aRotationIsToldByItsStep() {
        assertThat(Verdicts.rotating(IDLE).reason()).isEqualTo("NotRotating");
        assertThat(Verdicts.rotating(step(Step.Phase.REWRAP))).isEqualTo(Verdict.yes("Rewrapping", "Why."));
        assertThat(Verdicts.rotating(step(Step.Phase.DESTROY)).holds()).isFalse();
        assertThat(Verdicts.rotating(null).holds()).isFalse();
    }

    @Test
    void theRolloutsOfARotationLeaveTheVaultReady() {
        Pods pods = new Pods(2, 3, 1, 2, false, List.of(), List.of("Pod c: ContainerCreating."));
        Map<String, Verdict> verdicts = Verdicts.of(GOOD, GOOD, GOOD, KEYS, step(Step.Phase.DISTRIBUTE), pods);
        assertThat(said(verdicts, "Ready").holds()).isTrue();
    }

    private static Step step(Step.Phase phase) {
        return new Step(phase, 1, Step.Action.WAIT, "Why.");
    }

    private static Verdict said(Map<String, Verdict> verdicts, String type) {
        return Objects.requireNonNull(verdicts.get(type), type);
    }
}
