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

/** The state of a vault that the operator observed last. The operator writes it only if it has changed. */
@JsonInclude(Include.NON_NULL)
public record TokenizerStatus(
        @JsonPropertyDescription("The generation of the spec that this status describes.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Ready sums up StorageReady, GrantsReady, KeysReady and Available. Rotating says how far a rotation"
                        + " is, LinksEncrypted which connections have no TLS, and CallersAuthenticated whether the"
                        + " Simple API lets in callers without credentials. Paused is present while the vault is"
                        + " paused.")
        @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("The URL at which pods of the cluster reach the tokenizer.") @Nullable
        String endpoint,

        @JsonPropertyDescription(
                "The audience for which pods project the ServiceAccount token with which they call this vault.")
        @Nullable
        String audience,

        @StatusReplicas @JsonPropertyDescription("The number of tokenizer pods that exist.") @Nullable
        Integer replicas,

        @LabelSelector @JsonPropertyDescription("The label selector of these pods, for autoscalers.") @Nullable
        String selector,

        @JsonPropertyDescription("The bucket and the state of its settings.") @Nullable
        StorageStatus storage,

        @JsonPropertyDescription("The shares of the keyring and the progress of a rotation.") @Nullable
        KeysStatus keys) {

    /** The bucket and the state of its settings. */
    @JsonInclude(Include.NON_NULL)
    public record StorageStatus(
            @JsonPropertyDescription("The name of the bucket.")
            String bucket,

            @JsonPropertyDescription("What the operator did with each setting of the bucket.")
            List<Setting> settings) {}

    /** One setting of the bucket. */
    @JsonInclude(Include.NON_NULL)
    public record Setting(
            @JsonPropertyDescription("The name of the setting.")
            String name,

            @JsonPropertyDescription(
                    "Applied, Unchanged, Unsupported or Denied. The last two are answers of the store.")
            Result result,

            @JsonPropertyDescription("One sentence that explains the result.")
            String message,

            @JsonPropertyDescription(
                    "When the operator wrote the setting in vain, in RFC 3339. It writes it again a day"
                            + " later. Absent unless the result is Unsupported.")
            @Nullable
            String tried) {}

    /** What the operator did with a setting of the bucket, or what the store answered. */
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

    /** The keyring, without its keys. */
    @JsonInclude(Include.NON_NULL)
    public record KeysStatus(
            @JsonPropertyDescription("The number of the share that new records use.")
            int primary,

            @JsonPropertyDescription("The last ten shares, also retired ones, with the states of NIST SP 800-57.")
            List<Share> shares,

            @JsonPropertyDescription("The value of spec.keys.rotation for which the newest share was created.")
            int rotation,

            @JsonPropertyDescription("The reason of the condition Rotating.") @Nullable
            String step,

            @JsonPropertyDescription("When this reason began, in RFC 3339.") @Nullable
            String since,

            @JsonPropertyDescription(
                    "The numbers of records during a rotation, from Rewrapping to Retiring. Absent at other times.")
            @Nullable
            RecordsStatus records,

            @JsonPropertyDescription("The last rotation that was completed.") @Nullable
            LastRotation lastRotation,

            @JsonPropertyDescription(
                    "True if a rotation takes more than one day, or the keys are one day over maximumAge.")
            @Nullable
            Boolean overdue) {}

    /** One share of the keyring. */
    @JsonInclude(Include.NON_NULL)
    public record Share(
            @JsonPropertyDescription("The number of the share.")
            int number,

            @JsonPropertyDescription("PreActivation, Active, Deactivated, Compromised or Destroyed.")
            ShareState state) {}

    /** The states of a key in NIST SP 800-57 part 1, section 7. */
    public enum ShareState {
        /** The share exists, and no record uses it yet. */
        @JsonProperty("PreActivation")
        PRE_ACTIVATION,
        /** New records use the share. */
        @JsonProperty("Active")
        ACTIVE,
        /** The share only opens records that were sealed with it. */
        @JsonProperty("Deactivated")
        DEACTIVATED,
        /** An unauthorised person may know the share. */
        @JsonProperty("Compromised")
        COMPROMISED,
        /** The share was destroyed. */
        @JsonProperty("Destroyed")
        DESTROYED
    }

    /**
     * The numbers of records during a rotation. The operator stops counting at a limit, because a count lists the
     * bucket.
     */
    @JsonInclude(Include.NON_NULL)
    public record RecordsStatus(
            @JsonPropertyDescription(
                    "The number of records under the primary share. Counted up to 20000; 20000 means that or more.")
            int rewrapped,

            @JsonPropertyDescription(
                    "The number of records under the share that the rotation replaces. Counted up to 20000; 20000"
                            + " means that or more.")
            int left,

            @JsonPropertyDescription(
                    "The number of quarantined records of that share. Counted up to 1000; 1000 means that or more.")
            int quarantined) {}

    /** A rotation that was completed. */
    @JsonInclude(Include.NON_NULL)
    public record LastRotation(
            @JsonPropertyDescription("When the last older share left the keyring, in RFC 3339.")
            String completed,

            @JsonPropertyDescription("How long the rotation took, as a Go duration.")
            String duration) {}
}
