package dev.lunasec.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import org.jspecify.annotations.Nullable;

/**
 * What a vault is to be. The API server fills in every default, so a component without {@code @Nullable} is never null in a resource
 * that was read from it.
 */
@JsonInclude(Include.NON_NULL)
public record TokenizerSpec(
        @SpecReplicas @Default("2") @Min(0) @Max(100) @JsonPropertyDescription("How many tokenizer pods run, 0 to 100.")
        int replicas,

        @Required @JsonPropertyDescription("The object store that holds records and objects.")
        StorageSpec storage,

        @Default("{}") @JsonPropertyDescription("How long grants last, and the Redis that holds them.")
        GrantsSpec grants,

        @Default("{}") @JsonPropertyDescription("The service's share of every key.")
        KeysSpec keys,

        @Default("{}") @JsonPropertyDescription("Who may call the tokenizer.")
        AuthSpec auth,

        @Default("{}") @JsonPropertyDescription("The frame that browsers show for a secret's input.")
        FrameSpec frame,

        @Nullable @JsonPropertyDescription("Serves callers over HTTPS; absent for HTTP.")
        TlsSpec tls,

        @Nullable
        @JsonPropertyDescription(
                "Lets a HorizontalPodAutoscaler choose the number of pods, in the place of replicas; absent for none.")
        AutoscalingSpec autoscaling,

        @Default("{}") @JsonPropertyDescription("Who reaches the pods through the network.")
        NetworkPolicySpec networkPolicy,

        @Default("{}") @JsonPropertyDescription("How the pods are monitored.")
        MonitoringSpec monitoring,

        @Default("{}") @JsonPropertyDescription("What every tokenizer pod is given, and where it may run.")
        PodsSpec pods) {}
