package dev.lunasec.operator.dependent.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.api.v1alpha1.Tokenizer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class TokenizerNetworkPolicyTest {
    @Test
    void podsWithAnIdentityOfTheirOwnMayAskForItAndOthersMayNot() {
        assertThat(linkLocal(policy("", ""))).singleElement().satisfies(rule -> {
            assertThat(rule.getTo()).hasSize(2);
            assertThat(rule.getPorts())
                    .singleElement()
                    .satisfies(port -> assertThat(port.getPort().getIntVal()).isEqualTo(80));
        });
        assertThat(linkLocal(policy("credentials: {secretName: s3},", ""))).isEmpty();
    }

    @Test
    void onlyTheNamedPodsCanReadTheMetrics() {
        assertThat(metrics(policy("", ""))).isEmpty();
        assertThat(metrics(policy("", "  monitoring: {serviceMonitor: {}}\n"))).isEmpty();
        assertThat(metrics(policy("", "", "{namespace: monitoring, podLabels: {app: prometheus}}")))
                .singleElement()
                .satisfies(rule -> assertThat(rule.getFrom()).singleElement().satisfies(peer -> {
                    assertThat(peer.getNamespaceSelector().getMatchLabels())
                            .isEqualTo(Map.of("kubernetes.io/metadata.name", "monitoring"));
                    assertThat(peer.getPodSelector().getMatchLabels()).isEqualTo(Map.of("app", "prometheus"));
                }));
    }

    private static List<NetworkPolicyEgressRule> linkLocal(NetworkPolicy policy) {
        return policy.getSpec().getEgress().stream()
                .filter(rule -> rule.getTo().stream()
                        .anyMatch(to -> to.getIpBlock() != null
                                && "169.254.0.0/16".equals(to.getIpBlock().getCidr())))
                .toList();
    }

    private static List<NetworkPolicyIngressRule> metrics(NetworkPolicy policy) {
        return policy.getSpec().getIngress().stream()
                .filter(rule ->
                        rule.getPorts().stream().anyMatch(port -> port.getPort().getIntVal() == 9090))
                .toList();
    }

    private static NetworkPolicy policy(String storage, String more) {
        return policy(storage, more, "");
    }

    private static NetworkPolicy policy(String storage, String more, String scrapers) {
        String yaml = """
                apiVersion: lunasec.dev/v1alpha1
                kind: Tokenizer
                metadata: {name: vault, namespace: payments}
                spec:
                  storage: {bucket: vault, %s region: eu-central-1}
                  grants: {redis: {}}
                  auth: {issuers: [], applications: [], outageTolerance: 15m, maximumServiceAccountTokenLifetime: 1h}
                  networkPolicy: {mode: Enabled, callers: [], scrapers: [%s]}
                """.formatted(storage, scrapers) + (more.isEmpty() ? "  monitoring: {}\n" : more);
        Tokenizer tokenizer = new KubernetesSerialization().unmarshal(yaml, Tokenizer.class);
        return TokenizerNetworkPolicy.desired(tokenizer, Set.of());
    }
}
