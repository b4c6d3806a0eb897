package dev.lunasec.api.v1alpha1;

import static dev.lunasec.api.v1alpha1.Rules.DURATION;
import static dev.lunasec.api.v1alpha1.Rules.DURATION_LENGTH;
import static dev.lunasec.api.v1alpha1.Rules.KEY;
import static dev.lunasec.api.v1alpha1.Rules.NAME;
import static dev.lunasec.api.v1alpha1.Rules.NAME_LENGTH;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** How long grants last, and the Redis that holds them. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "self.defaultDuration." + DURATION + " && duration(self.defaultDuration) >= duration('1s')"
                + " && duration(self.defaultDuration) <= duration('720h')",
        fieldPath = ".defaultDuration",
        message = "Write a duration from 1s to 720h, like 15m.")
@ValidationRule(
        value = "self.maximumDuration." + DURATION + " && duration(self.maximumDuration) >= duration('1s')"
                + " && duration(self.maximumDuration) <= duration('720h')",
        fieldPath = ".maximumDuration",
        message = "Write a duration from 1s to 720h, like 1h.")
@ValidationRule(
        value = "!self.defaultDuration." + DURATION + " || !self.maximumDuration." + DURATION
                + " || duration(self.defaultDuration) <= duration(self.maximumDuration)",
        fieldPath = ".defaultDuration",
        message = "Write a defaultDuration that is not longer than maximumDuration.")
public record GrantsSpec(
        @Default("15m")
        @Size(max = DURATION_LENGTH)
        @JsonPropertyDescription(
                "How long a grant lasts if the caller gives no duration. Default 15m, from 1s to maximumDuration.")
        String defaultDuration,

        @Default("1h")
        @Size(max = DURATION_LENGTH)
        @JsonPropertyDescription("The longest duration of a grant. Default 1h, from 1s to 720h.")
        String maximumDuration,

        @Default("Disabled")
        @JsonPropertyDescription(
                "Enabled keeps copies of sealed records in Redis, each for a minute at most, so that a use soon after"
                        + " its grant was set needs no request to the store. Redis needs memory for them, and an"
                        + " external one needs maxmemory. Default Disabled.")
        RecordCopies recordCopies,

        @Default("{}")
        @JsonPropertyDescription(
                "The Redis that holds the grants, either managed or external. If neither is given, it is a"
                        + " managed one.")
        Redis redis) {

    /** Whether Redis keeps copies of sealed records beside grants. */
    public enum RecordCopies {
        @JsonProperty("Enabled")
        ENABLED,
        @JsonProperty("Disabled")
        DISABLED
    }

    /**
     * Either a Redis that the operator runs or an external one. If neither is given, the operator runs one. The schema
     * has no default for this, because server-side apply could not remove that default when the user chooses an
     * external Redis.
     */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "!(has(self.managed) && has(self.external))",
            message = "Write either managed or external, not both.")
    @ValidationRule(
            value = "has(self.external) || has(oldSelf.external)"
                    + " || (has(self.managed) ? string(self.managed.storage) : '1Gi')"
                    + " == (has(oldSelf.managed) ? string(oldSelf.managed.storage) : '1Gi')",
            reason = "FieldValueForbidden",
            message = "The volume of a managed Redis never changes its size;"
                    + " write the old managed.storage (1Gi if there was none), or use an external Redis.")
    public record Redis(
            @Nullable @JsonPropertyDescription("A Redis that the operator runs. Default.")
            ManagedRedis managed,

            @Nullable @JsonPropertyDescription("A Redis that runs elsewhere.")
            ExternalRedis external) {}

    /**
     * A Redis that the operator runs: one pod with a volume. It holds grants in a third of its memory, without the 32Mi
     * of Redis itself. The volume holds the log of a full Redis, which is up to four times as large as the data,
     * because Redis ends when it cannot write its log. So three quarters of the volume and 32Mi are the most memory.
     */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "isQuantity(string(self.storage))"
                    + " && quantity(string(self.storage)).compareTo(quantity('640Mi')) >= 0"
                    + " && quantity(string(self.storage)).compareTo(quantity('1Ti')) <= 0",
            fieldPath = ".storage",
            message = "Write a size from 640Mi to 1Ti, like 1Gi.")
    @ValidationRule(
            value = "isQuantity(string(self.memory)) && quantity(string(self.memory)).compareTo(quantity('128Mi')) >= 0"
                    + " && quantity(string(self.memory)).compareTo(quantity('64Gi')) <= 0",
            fieldPath = ".memory",
            message = "Write a size from 128Mi to 64Gi, like 512Mi.")
    @ValidationRule(
            value = "!isQuantity(string(self.memory)) || !isQuantity(string(self.storage))"
                    + " || quantity(string(self.memory)).asApproximateFloat()"
                    + " <= 0.75 * quantity(string(self.storage)).asApproximateFloat() + 33554432.0",
            fieldPath = ".memory",
            message =
                    "Write a memory of at most three quarters of the storage and 32Mi, like 800Mi for 1Gi, because the"
                            + " volume has to hold the log of Redis. In a new vault, you can write more storage"
                            + " instead.")
    public record ManagedRedis(
            @Default("\"" + ManagedRedis.STORAGE + "\"")
            @JsonPropertyDescription(
                    "The size of the volume. Default 1Gi, from 640Mi to 1Ti. It cannot be changed later.")
            Quantity storage,

            @Default("\"" + ManagedRedis.MEMORY + "\"")
            @JsonPropertyDescription(
                    "The memory limit of the container. Redis holds grants in a third of what it has over 32Mi; 512Mi"
                            + " hold about 440,000 grants. Default 512Mi, from 128Mi to 64Gi, and at most three"
                            + " quarters of storage and 32Mi. A change restarts Redis, which keeps the grants.")
            Quantity memory) {
        static final String STORAGE = "1Gi";
        static final String MEMORY = "512Mi";

        /** The managed Redis of a vault that names none. */
        public static final ManagedRedis DEFAULT = new ManagedRedis(new Quantity(STORAGE), new Quantity(MEMORY));
    }

    /** A Redis that runs elsewhere. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.secretName." + NAME,
            fieldPath = ".secretName",
            message = "Write the name of a Secret in the same namespace, like redis.")
    @ValidationRule(value = "self.key." + KEY, fieldPath = ".key", message = "Write a key of that Secret, like url.")
    public record ExternalRedis(
            @Required @Size(max = NAME_LENGTH) @JsonPropertyDescription("The name of a Secret in the same namespace.")
            String secretName,

            @Default("url")
            @Size(max = NAME_LENGTH)
            @JsonPropertyDescription(
                    "The key of that Secret that holds a URL like rediss://user:password@redis.example.com:6380."
                            + " A Redis Cluster has several hosts (rediss://user:password@a:6379,b:6379) or"
                            + " ?cluster=true at the end. Sentinels have"
                            + " rediss-sentinel://user:password@a:26379,b:26379#<name of the primary>. Default url.")
            String key,

            @Nullable
            @JsonPropertyDescription(
                    "The certificate authority that signed the certificates of Redis and its sentinels;"
                            + " no other is trusted. If absent, the public authorities are trusted.")
            ConfigMapKey trustedCA) {}
}
