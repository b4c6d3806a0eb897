package dev.lunasec.operator.controller;

import dev.lunasec.operator.model.VaultDefaults;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a running operator.
 *
 * @param vaults what holds for every vault
 * @param namespaces the namespaces that the operator watches; empty for all
 * @param lease the Lease of the leader election; null for an operator that runs alone
 */
public record RuntimeSettings(
        VaultDefaults vaults,
        Set<String> namespaces,
        @Nullable Lease lease) {
    /**
     * The Lease by which several operators agree on the one that works.
     *
     * @param namespace the namespace of the Lease
     * @param name the name of the Lease, the same for all operators of one release
     * @param identity what tells this operator from the others: the name of its pod
     */
    public record Lease(String namespace, String name, String identity) {}
}
