package dev.lunasec.operator.dependent.tokenizer;

import dev.lunasec.api.v1alpha1.NetworkPolicySpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.TokenizerEnvironment;
import dev.lunasec.operator.dependent.VaultDependent;
import dev.lunasec.operator.dependent.redis.RedisStatefulSet;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultObservation;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets callers connect to the tokenizer pods, and the pods to the store, Redis, the issuers and the API server. A NetworkPolicy has no
 * host names, so destinations outside of the cluster are allowed by port.
 */
public final class TokenizerNetworkPolicy extends VaultDependent<NetworkPolicy> {
    private static final String NAMESPACE = "kubernetes.io/metadata.name";

    public TokenizerNetworkPolicy() {
        super(NetworkPolicy.class, Names::tokenizer);
    }

    @Override
    protected NetworkPolicy desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        boolean monitorsAreKnown = context.getClient().supports(ServiceMonitor.class);
        return desired(tokenizer, VaultObservation.in(context).redis().port(), monitorsAreKnown);
    }

    /** @param monitorsAreKnown whether the API server serves ServiceMonitors */
    static NetworkPolicy desired(Tokenizer tokenizer, int redisPort, boolean monitorsAreKnown) {
        Names names = Names.of(tokenizer);
        return new NetworkPolicyBuilder()
                .withMetadata(names.metadata(names.tokenizer(), Names.Component.TOKENIZER))
                .withNewSpec()
                .withNewPodSelector()
                .withMatchLabels(names.selector(Names.Component.TOKENIZER))
                .endPodSelector()
                .withPolicyTypes("Ingress", "Egress")
                .withIngress(ingress(tokenizer, monitorsAreKnown))
                .withEgress(egress(tokenizer, redisPort))
                .endSpec()
                .build();
    }

    private static List<NetworkPolicyIngressRule> ingress(Tokenizer tokenizer, boolean monitorsAreKnown) {
        List<NetworkPolicyIngressRule> rules = new ArrayList<>();
        rules.add(new NetworkPolicyIngressRuleBuilder()
                .withFrom(callers(tokenizer))
                .addNewPort()
                .withProtocol("TCP")
                .withNewPort(TokenizerEnvironment.DEFAULT_PORT)
                .endPort()
                .build());
        if (monitorsAreKnown && tokenizer.getSpec().monitoring().serviceMonitor() != null) {
            rules.add(new NetworkPolicyIngressRuleBuilder()
                    .addNewFrom()
                    .withNewNamespaceSelector()
                    .endNamespaceSelector()
                    .endFrom()
                    .addNewPort()
                    .withProtocol("TCP")
                    .withNewPort(TokenizerEnvironment.DEFAULT_MANAGEMENT_PORT)
                    .endPort()
                    .build());
        }
        return rules;
    }

    private static List<NetworkPolicyPeer> callers(Tokenizer tokenizer) {
        Names names = Names.of(tokenizer);
        Stream<String> namespaces = Stream.concat(
                Stream.of(names.namespace()),
                tokenizer.getSpec().auth().applications().stream()
                        .map(application -> application.serviceAccount().namespace()));
        List<NetworkPolicyPeer> peers = namespaces
                .distinct()
                .map(namespace -> peer(namespace, Map.of(Annotations.CLIENT, names.vault())))
                .collect(Collectors.toList());
        for (NetworkPolicySpec.CallerPods pods :
                tokenizer.getSpec().networkPolicy().callers()) {
            peers.add(peer(pods.namespace(), pods.podLabels()));
        }
        return peers;
    }

    private static NetworkPolicyPeer peer(String namespace, Map<String, String> labels) {
        return new NetworkPolicyPeerBuilder()
                .withNewNamespaceSelector()
                .withMatchLabels(Map.of(NAMESPACE, namespace))
                .endNamespaceSelector()
                .withNewPodSelector()
                .withMatchLabels(labels)
                .endPodSelector()
                .build();
    }

    private static List<NetworkPolicyEgressRule> egress(Tokenizer tokenizer, int redisPort) {
        Names names = Names.of(tokenizer);
        NetworkPolicyEgressRuleBuilder dns = new NetworkPolicyEgressRuleBuilder()
                .addNewPort()
                .withProtocol("UDP")
                .withNewPort(53)
                .endPort()
                .addNewPort()
                .withProtocol("TCP")
                .withNewPort(53)
                .endPort();
        NetworkPolicyEgressRuleBuilder redis = new NetworkPolicyEgressRuleBuilder()
                .addNewTo()
                .withNewPodSelector()
                .withMatchLabels(names.selector(Names.Component.GRANTS))
                .endPodSelector()
                .endTo()
                .addNewPort()
                .withProtocol("TCP")
                .withNewPort(RedisStatefulSet.PORT)
                .endPort();
        NetworkPolicyEgressRuleBuilder outside = new NetworkPolicyEgressRuleBuilder();
        SortedSet<Integer> ports = OutboundPorts.outside(tokenizer, redisPort);
        for (int port : ports)
            outside.addNewPort().withProtocol("TCP").withNewPort(port).endPort();
        List<NetworkPolicyEgressRule> rules = new ArrayList<>(List.of(dns.build(), redis.build(), outside.build()));
        if (tokenizer.getSpec().storage().credentials() == null) rules.add(ownIdentity());
        return rules;
    }

    /** The metadata service of the node, from which a pod gets its cloud identity; clouds share these link-local addresses. */
    private static NetworkPolicyEgressRule ownIdentity() {
        return new NetworkPolicyEgressRuleBuilder()
                .addNewTo()
                .withNewIpBlock()
                .withCidr("169.254.0.0/16")
                .endIpBlock()
                .endTo()
                .addNewTo()
                .withNewIpBlock()
                .withCidr("fd00:ec2::/32")
                .endIpBlock()
                .endTo()
                .addNewPort()
                .withProtocol("TCP")
                .withNewPort(80)
                .endPort()
                .build();
    }
}
