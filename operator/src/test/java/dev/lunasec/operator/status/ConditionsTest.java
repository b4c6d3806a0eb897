package dev.lunasec.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.Binding;
import dev.lunasec.operator.keyring.KeyringIndex;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.rotation.Step;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class ConditionsTest {
    private static final Links LINKS = new Links(false, false, true, true, true, List.of());
    private static final Verdict CALLERS = Conditions.callers(false, true);
    private static final Verdict GOOD = Verdict.yes("Ready", "Good.");
    private static final KeyringState KEYS = new KeyringState.Present(
            new KeyringIndex(1, List.of(1), 1, null, null), "uid", false, new Binding.Unbound(), false);
    private static final Step IDLE = step(Step.Phase.IDLE);
    private static final PodSummary SERVING = new PodSummary(2, 2, 2, 2, true, List.of(), List.of());

    @Test
    void readyWhenAllHolds() {
        Map<String, Verdict> verdicts = Conditions.of(GOOD, GOOD, GOOD, KEYS, IDLE, SERVING, LINKS, CALLERS);
        assertThat(said(verdicts, "Ready").holds()).isTrue();
        assertThat(verdicts)
                .containsOnlyKeys(
                        "StorageReady",
                        "GrantsReady",
                        "KeysReady",
                        "Available",
                        "Ready",
                        "Rotating",
                        "LinksEncrypted",
                        "CallersAuthenticated");
    }

    @Test
    void theSimpleApiIsSaidByAConditionOfItsOwnAndTheVaultIsReady() {
        Verdict on = Conditions.callers(true, true);
        Map<String, Verdict> verdicts = Conditions.of(GOOD, GOOD, GOOD, KEYS, IDLE, SERVING, LINKS, on);
        assertThat(said(verdicts, "Ready").holds()).isTrue();
        assertThat(said(verdicts, "CallersAuthenticated").holds()).isFalse();
        assertThat(on.reason()).isEqualTo("SimpleApiEnabled");
        assertThat(on.message()).contains("the NetworkPolicy lets connect").contains("spec.auth.simpleApi");
        assertThat(Conditions.callers(true, false).message()).contains("which no NetworkPolicy of the operator limits");
        assertThat(said(Conditions.of(GOOD, GOOD, GOOD, KEYS, IDLE, SERVING, LINKS, CALLERS), "CallersAuthenticated")
                        .holds())
                .isTrue();
    }

    @Test
    void readySaysTheFirstThingThatDoesNotHold() {
        Verdict storage = Verdict.no("SSECBlocked", "Allow it.");
        Verdict ready = Conditions.of(storage, GOOD, GOOD, KEYS, IDLE, PodSummary.NONE, LINKS, CALLERS)
                .get("Ready");
        assertThat(ready).isEqualTo(Verdict.no("SSECBlocked", "Allow it."));
    }

    @Test
    void aPodThatFailedSaysWhyInItsOwnWords() {
        PodSummary pods = new PodSummary(
                2, 2, 2, 0, false, List.of("The bucket does not exist."), List.of("Pod a: CrashLoopBackOff."));
        assertThat(Conditions.available(GOOD, pods)).isEqualTo(Verdict.no("StartFailed", "The bucket does not exist."));
    }

    @Test
    void withoutItsCertificateNothingIsAvailable() {
        Verdict missing = Verdict.no("SecretMissing", "The Secret vault-tls does not exist; create it.");
        assertThat(said(Conditions.of(GOOD, GOOD, missing, KEYS, IDLE, SERVING, LINKS, CALLERS), "Available"))
                .isEqualTo(missing);
        assertThat(said(Conditions.of(GOOD, GOOD, missing, KEYS, IDLE, SERVING, LINKS, CALLERS), "Ready"))
                .isEqualTo(missing);
    }

    @Test
    void aRolloutIsAvailableButNotReady() {
        PodSummary pods = new PodSummary(2, 3, 1, 2, false, List.of(), List.of("Pod c: ContainerCreating."));
        Map<String, Verdict> verdicts = Conditions.of(GOOD, GOOD, GOOD, KEYS, IDLE, pods, LINKS, CALLERS);
        assertThat(said(verdicts, "Available").holds()).isTrue();
        assertThat(said(verdicts, "Ready").reason()).isEqualTo("RollingOut");
        assertThat(said(verdicts, "Ready").message()).contains("Pod c: ContainerCreating.");
    }

    @Test
    void noPodsAreNotAvailable() {
        PodSummary none = new PodSummary(0, 0, 0, 0, true, List.of(), List.of());
        assertThat(Conditions.available(GOOD, none).reason()).isEqualTo("NoReplicas");
    }

    @Test
    void aBucketWithRecordsOfOtherKeysMayBeThatOfAnotherVault() {
        assertThat(Conditions.keys(new KeyringState.Lost("vault-keyring")).message())
                .contains("the Secret vault-keyring with their keys does not exist")
                .contains("if the bucket is another vault's, create the Tokenizer with another storage.bucket");
    }

    @Test
    void everyStateOfTheKeyringHasItsReason() {
        assertThat(Conditions.keys(KEYS).holds()).isTrue();
        assertThat(Conditions.keys(new KeyringState.Present(
                                new KeyringIndex(1, List.of(1), 1, null, null),
                                "uid",
                                true,
                                new Binding.Unbound(),
                                false))
                        .reason())
                .isEqualTo("KeyringBeingDeleted");
        assertThat(Conditions.keys(new KeyringState.Unreadable("Bad.")).reason())
                .isEqualTo("KeyringUnreadable");
        assertThat(Conditions.keys(new KeyringState.Lost("vault-keyring")).message())
                .contains("vault-keyring");
        assertThat(Conditions.keys(new KeyringState.NotCreated()).truth()).isEqualTo(Verdict.Truth.Unknown);
        assertThat(Conditions.keys(new KeyringState.Unknown()).truth()).isEqualTo(Verdict.Truth.Unknown);
    }

    @Test
    void aRotationIsToldByItsStep() {
        assertThat(Conditions.rotating(IDLE).reason()).isEqualTo("NotRotating");
        assertThat(Conditions.rotating(step(Step.Phase.REWRAP))).isEqualTo(Verdict.yes("Rewrapping", "Why."));
        assertThat(Conditions.rotating(step(Step.Phase.DESTROY)).holds()).isFalse();
        assertThat(Conditions.rotating(null).holds()).isFalse();
    }

    @Test
    void theRolloutsOfARotationLeaveTheVaultReady() {
        PodSummary pods = new PodSummary(2, 3, 1, 2, false, List.of(), List.of("Pod c: ContainerCreating."));
        Map<String, Verdict> verdicts =
                Conditions.of(GOOD, GOOD, GOOD, KEYS, step(Step.Phase.DISTRIBUTE), pods, LINKS, CALLERS);
        assertThat(said(verdicts, "Ready").holds()).isTrue();
    }

    private static Step step(Step.Phase phase) {
        return new Step(phase, 1, Step.Action.WAIT, "Why.");
    }

    private static Verdict said(Map<String, Verdict> verdicts, String type) {
        return Objects.requireNonNull(verdicts.get(type), type);
    }
}
