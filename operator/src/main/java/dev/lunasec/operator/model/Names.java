package dev.lunasec.operator.model;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.TokenizerEnvironment;
import dev.lunasec.contract.TokenizerSettings.VaultName;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;

/** The names of a vault's objects, and the labels that tell them apart. */
public record Names(String namespace, String vault) {
    /** The operator's own name: its field manager, the value of its label, the name of its Lease. */
    public static final String OPERATOR = "tokenizer-operator";

    /** The names of the objects of this resource. */
    public static Names of(Tokenizer tokenizer) {
        ObjectMeta metadata = tokenizer.getMetadata();
        return new Names(metadata.getNamespace(), metadata.getName());
    }

    /** {@code <namespace>/<name>} of the vault, by which its bucket and its connection are known. */
    public String qualified() {
        return namespace + "/" + vault;
    }

    /**
     * Deployment, Service, NetworkPolicy, PodDisruptionBudget, HorizontalPodAutoscaler and ServiceMonitor of the
     * tokenizer.
     */
    public String tokenizer() {
        return vault;
    }

    /** The ConfigMap with {@code settings.json}. */
    public String settings() {
        return vault + "-settings";
    }

    /** The Secret with the live shares. */
    public String keyring() {
        return vault + "-keyring";
    }

    /** The Secret with the retired shares, which no pod mounts. */
    public String retired() {
        return vault + "-keyring-retired";
    }

    /** The Job that moves the records of a share. */
    public String rewrapJob(int share) {
        return vault + "-rewrap-" + share;
    }

    /**
     * The Job that sweeps after the records of a share were moved. The Jobs of {@link #sweepCronJob} have a number in
     * place of {@code share}, so no two names are equal.
     */
    public String sweepJob(int share) {
        return vault + "-sweep-share-" + share;
    }

    /** The CronJob that sweeps every night. */
    public String sweepCronJob() {
        return vault + "-sweep";
    }

    /** The NetworkPolicy of the pods of rewrap and sweep Jobs. */
    public String maintenance() {
        return vault + "-maintenance";
    }

    /** Secret, StatefulSet, Service and NetworkPolicy of the managed Redis. */
    public String redis() {
        return vault + "-redis";
    }

    /** The URL of the tokenizer for the pods of the cluster. */
    public String endpoint(boolean overTls) {
        return (overTls ? "https://" : "http://") + vault + "." + namespace + ".svc:"
                + TokenizerEnvironment.DEFAULT_PORT;
    }

    /** The name of the vault in its settings, which also gives the audience of the tokens of its callers. */
    public VaultName vaultName() {
        return new VaultName(namespace, vault);
    }

    /** What an object of a vault belongs to; its labels say so. */
    public enum Component {
        TOKENIZER("tokenizer", "tokenizer"),
        GRANTS("redis", "grants"),
        REWRAP("tokenizer", "rewrap"),
        SWEEP("tokenizer", "sweep");

        private final String name;
        private final String component;

        Component(String name, String component) {
            this.name = name;
            this.component = component;
        }

        /** The value of the label {@code app.kubernetes.io/component}. */
        public String component() {
            return component;
        }
    }

    /** The labels of every object of a component. */
    public Map<String, String> labels(Component component) {
        return Map.of(
                Annotations.NAME,
                component.name,
                Annotations.INSTANCE,
                vault,
                Annotations.COMPONENT,
                component.component,
                Annotations.MANAGED_BY,
                OPERATOR);
    }

    /**
     * The label selector of the pods of one component. It never changes, because the selector of a Deployment is
     * immutable.
     */
    public Map<String, String> selector(Component component) {
        return Map.of(Annotations.INSTANCE, vault, Annotations.COMPONENT, component.component);
    }

    /** Metadata of an object of this vault. */
    public ObjectMeta metadata(String name, Component component) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(namespace)
                .withLabels(labels(component))
                .build();
    }

    /** Whether an object has the labels of a component of this vault. */
    public boolean owns(HasMetadata object, Component component) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels != null
                && labels.entrySet().containsAll(selector(component).entrySet());
    }
}
