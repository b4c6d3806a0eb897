package dev.lunasec.cluster;

import dev.lunasec.testbed.OwnedKind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Map;
import java.util.TreeMap;

/** When the operator wrote the vault and each object that it created for it. */
final class WrittenObjects {
    private WrittenObjects() {}

    /**
     * For each object by kind and name: its uid, its generation, and when the operator wrote it. The resource version
     * is left out, because it changes whenever a controller writes a status.
     */
    static Map<String, String> of(Cluster cluster) {
        Map<String, String> written = new TreeMap<>();
        GenericKubernetesResource vault = cluster.vault();
        if (vault != null) written.put("Tokenizer/vault", written(vault.getMetadata()));
        for (OwnedKind kind : OwnedKind.BUILT_IN) {
            if (kind.kind().equals("Job")) continue; // a Job is deleted by itself after its end
            cluster.client
                    .genericKubernetesResources(kind.apiVersion(), kind.kind())
                    .inNamespace(Cluster.VAULT)
                    .withLabel("app.kubernetes.io/managed-by", "tokenizer-operator")
                    .list()
                    .getItems()
                    .forEach(object -> written.put(
                            kind.kind() + "/" + object.getMetadata().getName(), written(object.getMetadata())));
        }
        return written;
    }

    private static String written(ObjectMeta metadata) {
        return metadata.getUid() + " generation " + metadata.getGeneration() + " written "
                + metadata.getManagedFields().stream()
                        .filter(fields -> "tokenizer-operator".equals(fields.getManager()))
                        .filter(fields -> fields.getSubresource() == null)
                        .map(ManagedFieldsEntry::getTime)
                        .toList();
    }
}
