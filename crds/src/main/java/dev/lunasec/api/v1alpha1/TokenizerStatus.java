package dev.lunasec.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a vault is, as the operator last saw it. A new value on every pass; written only when it differs. */
@JsonInclude(Include.NON_NULL)
public record TokenizerStatus(
        @JsonPropertyDescription("The generation of the spec that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "StorageReady, GrantsReady, KeysReady, Available, Rotating, and Ready when all is well.")
        @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("Where the pods of the cluster reach the tokenizer.") @Nullable
        String endpoint,

        @StatusReplicas @JsonPropertyDescription("How many tokenizer pods there are.") @Nullable
        Integer replicas,

        @LabelSelector @JsonPropertyDescription("Which pods those are, for autoscalers.") @Nullable
        String selector,

        @JsonPropertyDescription("The bucket and how each of its settings went.") @Nullable
        StorageStatus storage,

        @JsonPropertyDescription("The shares of the keyring.") @Nullable
        KeysStatus keys) {

    /** The bucket. */
    @JsonInclude(Include.NON_NULL)
    public record StorageStatus(
            @JsonPropertyDescription("The bucket.") String bucket,

            @JsonPropertyDescription("How each setting of the bucket went.")
            List<Setting> settings) {}

    /** One setting of the bucket. */
    @JsonInclude(Include.NON_NULL)
    public record Setting(
            @JsonPropertyDescription("Which setting.") String name,
            @JsonPropertyDescription("How it went.") Result result,
            @JsonPropertyDescription("One sentence on it.") String message) {}

    /** How a setting of the bucket went. */
    public enum Result {
        @JsonProperty("Applied")
        APPLIED,
        @JsonProperty("Unchanged")
        UNCHANGED,
        @JsonProperty("Unsupported")
        UNSUPPORTED,
        @JsonProperty("Denied")
        DENIED
    }

    /** The keyring, without anything secret. */
    @JsonInclude(Include.NON_NULL)
    public record KeysStatus(
            @JsonPropertyDescription("The share that new records use.")
            int primary,

            @JsonPropertyDescription("Every share that is loaded, in ascending order.")
            List<Integer> shares) {}
}
