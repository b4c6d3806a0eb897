package dev.lunasec.cluster;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The pods of the operator: which one leads, what its metrics say, and what their account may do. */
record OperatorPods(Cluster cluster) {
    /** The name of the pod that holds the lease, empty when there is none. */
    String leader() {
        var lease = cluster.client
                .leases()
                .inNamespace(Cluster.OPERATOR)
                .withName("tokenizer-operator")
                .get();
        return lease == null ? "" : String.valueOf(lease.getSpec().getHolderIdentity());
    }

    /** The names of the pods that are not being deleted. */
    List<String> names() {
        return cluster
                .client
                .pods()
                .inNamespace(Cluster.OPERATOR)
                .withLabel("app.kubernetes.io/name", "tokenizer-operator")
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    /** Restarts all pods, and waits until one of the new ones leads and has reported on the vault. */
    void restart() {
        cluster.client
                .apps()
                .deployments()
                .inNamespace(Cluster.OPERATOR)
                .withName("tokenizer-operator")
                .rolling()
                .restart();
        awaitLeaderOfNewPods();
    }

    /** Waits for the end of a rollout, and until one of the new pods leads and has reported on the vault. */
    void awaitLeaderOfNewPods() {
        cluster.awaitRollout(Cluster.OPERATOR, "tokenizer-operator");
        await().atMost(Cluster.MINUTES).until(() -> names().contains(leader()));
        // Its metrics know the vault once it has ended its first pass.
        await().atMost(Cluster.MINUTES)
                .ignoreExceptions()
                .until(() -> metricsOfLeader().contains("tokenizer_vault_condition"));
    }

    /** How many passes of the leader went well since it was started. */
    double passesOfLeader() throws Exception {
        return metricsOfLeader()
                .lines()
                .filter(line -> line.startsWith("operator_sdk_reconciliations_success_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Whether the operator's account may do {@code <verb> <resource>[/<subresource>][.<group>]}. */
    boolean may(String what, String namespace) {
        String[] words = what.split(" ", 2);
        String[] named = words[1].split("[.]", 2);
        String[] resource = named[0].split("/", 2);
        ResourceAttributes attributes = new ResourceAttributesBuilder()
                .withVerb(words[0])
                .withResource(resource[0])
                .withSubresource(resource.length > 1 ? resource[1] : null)
                .withGroup(named.length > 1 ? named[1] : "")
                .withNamespace(namespace)
                .build();
        return cluster.client
                .authorization()
                .v1()
                .subjectAccessReview()
                .create(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser("system:serviceaccount:" + Cluster.OPERATOR + ":tokenizer-operator")
                        .withGroups("system:serviceaccounts", "system:authenticated")
                        .withResourceAttributes(attributes)
                        .endSpec()
                        .build())
                .getStatus()
                .getAllowed();
    }

    private String metricsOfLeader() throws Exception {
        try (LocalPortForward forward = cluster.client
                        .pods()
                        .inNamespace(Cluster.OPERATOR)
                        .withName(leader())
                        .portForward(8080);
                InputStream metrics = URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/metrics")
                        .toURL()
                        .openStream()) {
            return new String(metrics.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
