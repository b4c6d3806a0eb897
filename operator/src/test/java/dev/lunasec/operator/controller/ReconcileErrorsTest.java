package dev.lunasec.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.operator.status.Verdict;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.AggregatedOperatorException;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class ReconcileErrorsTest {
    @Test
    void whatADependentFoundWrongInTheSpecIsSaid() {
        Exception failure =
                new AggregatedOperatorException("some", Map.of("settings", new InvalidSettings("Write a text.")));
        assertThat(ReconcileErrors.verdict(failure)).contains(Verdict.no("SpecInvalid", "Write a text."));
    }

    @Test
    void whatAnExceptionQuotesIsNot() {
        assertThat(ReconcileErrors.verdict(new KubernetesClientException("password=hunter2"))
                        .orElseThrow()
                        .message())
                .doesNotContain("hunter2");
        assertThat(ReconcileErrors.verdict(new IllegalStateException("password=hunter2"))
                        .orElseThrow()
                        .message())
                .doesNotContain("hunter2");
    }

    @Test
    void theEndOfTheOperatorIsNoNewsAboutTheVault() {
        assertThat(ReconcileErrors.verdict(new IllegalStateException(new RejectedExecutionException())))
                .isEmpty();
    }
}
