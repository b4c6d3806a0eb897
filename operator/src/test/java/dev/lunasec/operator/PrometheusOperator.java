package dev.lunasec.operator;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Locale;

/** As much of the Prometheus operator as makes its kinds known. */
public final class PrometheusOperator {
    private PrometheusOperator() {}

    /** Makes one kind known, for good. */
    public static void install(KubernetesClient client, String kind) {
        String singular = kind.toLowerCase(Locale.ROOT);
        String crd = """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: %ss.monitoring.coreos.com}
                spec:
                  group: monitoring.coreos.com
                  scope: Namespaced
                  names: {plural: %ss, singular: %s, kind: %s}
                  versions:
                  - name: v1
                    served: true
                    storage: true
                    schema:
                      openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
                """.formatted(singular, singular, singular, kind);
        client.resource(client.getKubernetesSerialization().unmarshal(crd, GenericKubernetesResource.class))
                .forceConflicts()
                .serverSideApply();
        await().until(() -> client.supports("monitoring.coreos.com/v1", kind));
    }
}
