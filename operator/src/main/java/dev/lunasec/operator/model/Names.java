package dev.lunasec.operator.model;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.TokenizerEnvironment;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;

/** The names of a vault's objects, and the labels that tell them apart. */
public record Names(String namespace, String vault) {
    /** The operator's own name: its field manager, the value of its label, the name of its Lease. */
    public static final String OPERATOR = "tokenizer-operator";

    public static Names of(Tokenizer tokenizer) {
        ObjectMeta metadata = tokenizer.getMetadata();
        return new Names(metadata.getNamespace(), metadata.getName());
    }

    /** Deployment, Service, and whatever else there is one of for the tokenizer's pods. */
    public String tokenizer() {
        return vault;
    }

    public String settings() {
        return vault + "-settings";
    }

    public String keyring() {
        return vault + "-keyring";
    }

    /** The Secret of the shares that are retired, which no pod mounts. */
    public String retired() {
        return vault + "-keyring-retired";
    }

    /** The Job that moves the records of a share. */
    public String rewrap(int share) {
        return vault + "-rewrap-" + share;
    }

    /** The Job that sweeps after the records of a share were moved. */
    public String verify(int share) {
        return vault + "-verify-" + share;
    }

    /** The CronJob that sweeps every day. */
    public String sweep() {
        return vault + "-sweep";
    }

    /** Secret, StatefulSet, Service and NetworkPolicy of the managed Redis. */
    public String redis() {
        return vault + "-redis";
    }

    /** Where the pods of the cluster reach the tokenizer. */
    public String endpoint(boolean overTls) {
        return (overTls ? "https://" : "http://") + vault + "." + namespace + ".svc:"
                + TokenizerEnvironment.DEFAULT_PORT;
    }

    /** What pods of a vault are for. */
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
    }

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

    /** Selects the pods of one component; never changes, because a Deployment's selector cannot. */
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

    /** Whether a pod or another object belongs to a component of this vault. */
    public boolean owns(HasMetadata object, Component component) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels != null
                && labels.entrySet().containsAll(selector(component).entrySet());
    }
}
