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

            @JsonPropertyDescription(
                    "Every share that there is or was, up to the last ten, with its state in the words of NIST SP 800-57.")
            List<Share> shares,

            @JsonPropertyDescription("The spec.keys.rotation that the newest share was made for.")
            int rotation,

            @JsonPropertyDescription("Where the rotation stands: the reason of the condition Rotating.") @Nullable
            String step,

            @JsonPropertyDescription("Since when it stands there, RFC 3339.") @Nullable
            String since,

            @JsonPropertyDescription("How far the records have come; absent while nothing rotates.") @Nullable
            RecordsStatus records,

            @JsonPropertyDescription("The last rotation that is complete.") @Nullable
            LastRotation lastRotation,

            @JsonPropertyDescription("Whether a rotation should have been complete by now.") @Nullable
            Boolean overdue) {}

    /** One share of the keyring. */
    @JsonInclude(Include.NON_NULL)
    public record Share(
            @JsonPropertyDescription("Its number.") int number,
            @JsonPropertyDescription("Its state.") ShareState state) {}

    /** The states of a key in NIST SP 800-57 part 1, section 7. */
    public enum ShareState {
        /** It is made, and no record uses it yet. */
        @JsonProperty("PreActivation")
        PRE_ACTIVATION,
        /** New records use it. */
        @JsonProperty("Active")
        ACTIVE,
        /** It only opens what was sealed before. */
        @JsonProperty("Deactivated")
        DEACTIVATED,
        /** A stranger may have it. */
        @JsonProperty("Compromised")
        COMPROMISED,
        /** It is gone. */
        @JsonProperty("Destroyed")
        DESTROYED
    }

    /** The records of a rotation, each number up to 20000, which then means: or more. */
    @JsonInclude(Include.NON_NULL)
    public record RecordsStatus(
            @JsonPropertyDescription("Under the primary share.")
            int rewrapped,

            @JsonPropertyDescription("Under the share that is left.")
            int left,

            @JsonPropertyDescription("Damaged, and put aside under quarantine/.")
            int corrupt) {}

    /** A rotation that is complete. */
    @JsonInclude(Include.NON_NULL)
    public record LastRotation(
            @JsonPropertyDescription("When its last step was done, RFC 3339.")
            String completed,

            @JsonPropertyDescription("How long it took, a Go duration.")
            String duration) {}
}
