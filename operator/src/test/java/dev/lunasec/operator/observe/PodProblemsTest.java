package dev.lunasec.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.SweepResult;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class PodProblemsTest {
    @Test
    void theTerminationMessageOfAContainerIsShown() {
        Pod pod = pod("""
                conditions: [{type: Ready, status: "False"}]
                containerStatuses:
                - name: tokenizer
                  state: {waiting: {reason: CrashLoopBackOff}}
                  lastState: {terminated: {exitCode: 1, message: "The store refuses the credentials.\\n"}}
                """);
        assertThat(PodProblems.failures(List.of(pod))).containsExactly("The store refuses the credentials.");
    }

    @Test
    void aPodThatServesAgainIsNoFailure() {
        Pod pod = pod("""
                conditions: [{type: Ready, status: "True"}]
                containerStatuses:
                - name: tokenizer
                  lastState: {terminated: {exitCode: 1, message: Once.}}
                """);
        assertThat(PodProblems.failures(List.of(pod))).isEmpty();
        assertThat(PodProblems.waiting(List.of(pod))).isEmpty();
    }

    @Test
    void aPodThatWaitsSaysForWhat() {
        Pod image = pod("""
                containerStatuses:
                - name: tokenizer
                  state: {waiting: {reason: ImagePullBackOff, message: There is no such image.}}
                """);
        Pod node = pod("conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: No node.}]");
        assertThat(PodProblems.waiting(List.of(image, node)))
                .containsExactly("Pod a: ImagePullBackOff, There is no such image.", "Pod a: Unschedulable, No node.");
    }

    @Test
    void theLastSweepThatEndedSaysWhatItCountedAndIsNoFailure() {
        Pod older = sweep("2026-11-25T03:10:00Z", "tokensWithoutValue=3");
        Pod newer = sweep("2026-11-26T03:10:00Z", "tokensWithoutValue=12\\n");
        Pod failed = sweep("2026-11-26T04:10:00Z", "The store gives no answer.");
        assertThat(LastSweep.of(List.of(newer, failed, older))).hasValue(new SweepResult(12));
        assertThat(LastSweep.of(List.of(failed))).isEmpty();
        assertThat(PodProblems.failures(List.of(newer))).isEmpty();
    }

    private static Pod sweep(String end, String message) {
        return pod("""
                containerStatuses:
                - name: tokenizer
                  state: {terminated: {exitCode: 0, finishedAt: "%s", message: "%s"}}
                """.formatted(end, message));
    }

    private static Pod pod(String status) {
        String yaml = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nstatus:\n" + status.indent(2);
        return new KubernetesSerialization().unmarshal(yaml, Pod.class);
    }
}
