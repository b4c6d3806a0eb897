package dev.lunasec.operator.dependent.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.Command;
import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pods of rewrap and sweep Jobs hold the whole keyring, and need the store only. */
@Tag("pure")
class MaintenanceNetworkPolicyTest {
    private static final Tokenizer VAULT = new KubernetesSerialization().unmarshal("""
            apiVersion: lunasec.dev/v1alpha1
            kind: Tokenizer
            metadata: {name: vault, namespace: payments}
            spec:
              storage: {bucket: vault, region: eu-central-1, endpoint: "https://store.example.com:9000",
                credentials: {secretName: s3}, maximumObjectSize: 5Gi, urlLifetime: 60s}
              grants: {defaultDuration: 15m, maximumDuration: 1h, redis: {}}
              auth: {issuers: [], applications: [], outageTolerance: 15m, maximumServiceAccountTokenLifetime: 1h}
              frame: {allowedOrigins: []}
              pods: {resources: {requests: {}, limits: {}}, nodeSelector: {}, tolerations: []}
            """, Tokenizer.class);

    private final NetworkPolicySpec policy =
            MaintenanceNetworkPolicy.desired(VAULT).getSpec();

    @Test
    void nothingConnectsToThePods() {
        assertThat(policy.getPolicyTypes()).contains("Ingress", "Egress");
        assertThat(policy.getIngress()).isEmpty();
    }

    @Test
    void thePodsConnectToDnsAndTheStoreOnly() {
        assertThat(policy.getEgress().stream()
                        .flatMap(rule -> rule.getPorts().stream())
                        .map(port -> port.getProtocol() + " " + port.getPort().getIntVal()))
                .containsExactlyInAnyOrder("UDP 53", "TCP 53", "TCP 9000");
    }

    @ParameterizedTest
    @EnumSource(names = {"REWRAP", "SWEEP"})
    void thePolicySelectsThePodsOfEachKindOfJob(Names.Component component) {
        Map<String, String> labels = MaintenancePod.of(
                        VAULT,
                        "tokenizer:test",
                        new KeyringAnnouncement(1, List.of(1)),
                        component,
                        Command.SWEEP,
                        Map.of(),
                        List.of())
                .getMetadata()
                .getLabels();
        assertThat(labels).containsAllEntriesOf(policy.getPodSelector().getMatchLabels());
        for (LabelSelectorRequirement one : policy.getPodSelector().getMatchExpressions()) {
            assertThat(one.getOperator()).isEqualTo("In");
            assertThat(one.getValues()).contains(labels.get(one.getKey()));
        }
    }
}
