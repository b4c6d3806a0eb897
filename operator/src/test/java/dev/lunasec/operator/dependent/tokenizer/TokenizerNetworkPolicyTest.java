package dev.lunasec.operator.dependent.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.api.v1alpha1.Tokenizer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class TokenizerNetworkPolicyTest {
    @Test
    void podsWithAnIdentityOfTheirOwnMayAskForItAndOthersMayNot() {
        assertThat(linkLocal(policy("", "", true))).singleElement().satisfies(rule -> {
            assertThat(rule.getTo()).hasSize(2);
            assertThat(rule.getPorts())
                    .singleElement()
                    .satisfies(port -> assertThat(port.getPort().getIntVal()).isEqualTo(80));
        });
        assertThat(linkLocal(policy("credentials: {secretName: s3},", "", true)))
                .isEmpty();
    }

    @Test
    void metricsAreOpenWhereSomethingCanReadThem() {
        String monitored = "  monitoring: {serviceMonitor: {}}\n";
        assertThat(opens9090(policy("", "", true))).isFalse();
        assertThat(opens9090(policy("", monitored, false))).isFalse();
        assertThat(opens9090(policy("", monitored, true))).isTrue();
    }

    private static List<NetworkPolicyEgressRule> linkLocal(NetworkPolicy policy) {
        return policy.getSpec().getEgress().stream()
                .filter(rule -> rule.getTo().stream()
                        .anyMatch(to -> to.getIpBlock() != null
                                && "169.254.0.0/16".equals(to.getIpBlock().getCidr())))
                .toList();
    }

    private static boolean opens9090(NetworkPolicy policy) {
        return policy.getSpec().getIngress().stream()
                .flatMap(rule -> rule.getPorts().stream())
                .anyMatch(port -> port.getPort().getIntVal() == 9090);
    }

    private static NetworkPolicy policy(String storage, String more, boolean monitorsAreKnown) {
        String yaml = """
                apiVersion: lunasec.dev/v1alpha1
                kind: Tokenizer
                metadata: {name: vault, namespace: payments}
                spec:
                  storage: {bucket: vault, %s region: eu-central-1}
                  grants: {redis: {}}
                  auth: {issuers: [], applications: [], outageTolerance: 15m, maximumServiceAccountTokenLifetime: 1h}
                  networkPolicy: {mode: Enabled, callers: []}
                """.formatted(storage) + (more.isEmpty() ? "  monitoring: {}\n" : more);
        Tokenizer tokenizer = new KubernetesSerialization().unmarshal(yaml, Tokenizer.class);
        return TokenizerNetworkPolicy.desired(tokenizer, 6379, monitorsAreKnown);
    }
}
