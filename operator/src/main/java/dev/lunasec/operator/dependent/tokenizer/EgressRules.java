package dev.lunasec.operator.dependent.tokenizer;

import dev.lunasec.api.v1alpha1.Tokenizer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The connections out of a pod that opens the records of a vault. A NetworkPolicy has no host names, so they are
 * allowed by port.
 */
public final class EgressRules {
    private EgressRules() {}

    /** The rules of a pod that only uses the store. */
    public static List<NetworkPolicyEgressRule> store(Tokenizer tokenizer) {
        return dnsAnd(List.of(OutboundPorts.store(tokenizer)), tokenizer);
    }

    /** DNS, these ports of every address, and the metadata service if the pod uses its own cloud identity. */
    static List<NetworkPolicyEgressRule> dnsAnd(Collection<Integer> ports, Tokenizer tokenizer) {
        NetworkPolicyEgressRuleBuilder dns = new NetworkPolicyEgressRuleBuilder()
                .addNewPort()
                .withProtocol("UDP")
                .withNewPort(53)
                .endPort()
                .addNewPort()
                .withProtocol("TCP")
                .withNewPort(53)
                .endPort();
        NetworkPolicyEgressRuleBuilder outside = new NetworkPolicyEgressRuleBuilder();
        for (int port : ports)
            outside.addNewPort().withProtocol("TCP").withNewPort(port).endPort();
        List<NetworkPolicyEgressRule> rules = new ArrayList<>(List.of(dns.build(), outside.build()));
        if (tokenizer.getSpec().storage().credentials() == null) rules.add(ownIdentity());
        return rules;
    }

    /**
     * The metadata service of the node, from which a pod gets its cloud identity; clouds share these link-local
     * addresses.
     */
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
