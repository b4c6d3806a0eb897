package dev.lunasec.operator.dependent.tokenizer;

import dev.lunasec.api.v1alpha1.NetworkPolicySpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.TokenizerEnvironment;
import dev.lunasec.operator.dependent.StoreDependent;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets callers connect to the tokenizer pods, and the pods to the store, Redis, the issuers and the API server. A
 * NetworkPolicy has no host names, so destinations outside of the cluster are allowed by port.
 */
public final class TokenizerNetworkPolicy extends StoreDependent<NetworkPolicy> {
    private static final String NAMESPACE = "kubernetes.io/metadata.name";

    public TokenizerNetworkPolicy() {
        super(NetworkPolicy.class, Names::tokenizer);
    }

    /**
     * While the URL of an external Redis is unusable, the pods keep their connections: they run with the last usable
     * URL.
     */
    @Override
    protected NetworkPolicy desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        Set<Integer> ports = VaultObservation.in(context).redis().ports();
        NetworkPolicy desired = desired(tokenizer, ports);
        boolean external = tokenizer.getSpec().grants().redis().external() != null;
        if (external && ports.isEmpty()) {
            getSecondaryResource(tokenizer, context)
                    .map(NetworkPolicy::getSpec)
                    .ifPresent(known -> desired.getSpec().setEgress(known.getEgress()));
        }
        return desired;
    }

    static NetworkPolicy desired(Tokenizer tokenizer, Set<Integer> redisPorts) {
        Names names = Names.of(tokenizer);
        return new NetworkPolicyBuilder()
                .withMetadata(names.metadata(names.tokenizer(), Names.Component.TOKENIZER))
                .withNewSpec()
                .withNewPodSelector()
                .withMatchLabels(names.selector(Names.Component.TOKENIZER))
                .endPodSelector()
                .withPolicyTypes("Ingress", "Egress")
                .withIngress(ingress(tokenizer))
                .withEgress(egress(tokenizer, redisPorts))
                .endSpec()
                .build();
    }

    /** The probes of the kubelet need no rule: a node can always connect to its own pods. */
    private static List<NetworkPolicyIngressRule> ingress(Tokenizer tokenizer) {
        List<NetworkPolicyIngressRule> rules = new ArrayList<>();
        rules.add(ingress(callers(tokenizer), TokenizerEnvironment.DEFAULT_PORT));
        // A rule without peers would let in every pod.
        List<NetworkPolicyPeer> scrapers = tokenizer.getSpec().networkPolicy().scrapers().stream()
                .map(pods -> peer(pods.namespace(), pods.podLabels()))
                .toList();
        if (!scrapers.isEmpty()) rules.add(ingress(scrapers, TokenizerEnvironment.DEFAULT_MANAGEMENT_PORT));
        return rules;
    }

    private static NetworkPolicyIngressRule ingress(List<NetworkPolicyPeer> peers, int port) {
        return new NetworkPolicyIngressRuleBuilder()
                .withFrom(peers)
                .addNewPort()
                .withProtocol("TCP")
                .withNewPort(port)
                .endPort()
                .build();
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

    private static List<NetworkPolicyEgressRule> egress(Tokenizer tokenizer, Set<Integer> redisPorts) {
        NetworkPolicyEgressRule redis = new NetworkPolicyEgressRuleBuilder()
                .addNewTo()
                .withNewPodSelector()
                .withMatchLabels(Names.of(tokenizer).selector(Names.Component.GRANTS))
                .endPodSelector()
                .endTo()
                .addNewPort()
                .withProtocol("TCP")
                .withNewPort(RedisStatefulSet.PORT)
                .endPort()
                .build();
        List<NetworkPolicyEgressRule> rules =
                new ArrayList<>(EgressRules.dnsAnd(OutboundPorts.outside(tokenizer, redisPorts), tokenizer));
        rules.add(redis);
        return rules;
    }
}
