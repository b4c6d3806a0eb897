package dev.lunasec.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import org.jspecify.annotations.Nullable;

/**
 * The desired state of a vault. The API server fills in every default, so a component without {@code @Nullable} is
 * never null in a resource that was read from it.
 */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "!has(self.monitoring.serviceMonitor) || self.networkPolicy.mode == 'Disabled'"
                + " || size(self.networkPolicy.scrapers) > 0",
        fieldPath = ".monitoring",
        message = "Name the pods of Prometheus in networkPolicy.scrapers, like [{namespace: monitoring}].")
@ValidationRule(
        value = "has(self.frame.origin) || self.auth.issuers.all(i, !has(i.loginUrl))",
        fieldPath = ".frame",
        message = "An issuer has a loginUrl; write the origin at which browsers reach the tokenizer into frame.origin.")
public record TokenizerSpec(
        @SpecReplicas
        @Default("2")
        @Min(0)
        @Max(100)
        @JsonPropertyDescription(
                "The number of tokenizer pods. Default 2, from 0 to 100. Has no effect if autoscaling is set.")
        int replicas,

        @Required @JsonPropertyDescription("The object store that holds the records and the objects.")
        StorageSpec storage,

        @Default("{}") @JsonPropertyDescription("How long grants last, and the Redis that holds them.")
        GrantsSpec grants,

        @Default("{}") @JsonPropertyDescription("The keyring of the vault, and how its keys rotate.")
        KeysSpec keys,

        @Default("{}") @JsonPropertyDescription("Who can call the tokenizer.")
        AuthSpec auth,

        @Default("{}") @JsonPropertyDescription("How browsers reach the tokenizer.")
        FrameSpec frame,

        @Nullable @JsonPropertyDescription("HTTPS for callers. If absent, callers use HTTP.")
        TlsSpec tls,

        @Nullable
        @JsonPropertyDescription(
                "A HorizontalPodAutoscaler that chooses the number of pods instead of replicas. If absent,"
                        + " there is none.")
        AutoscalingSpec autoscaling,

        @Default("{}") @JsonPropertyDescription("Which pods can connect to the pods of the vault.")
        NetworkPolicySpec networkPolicy,

        @Default("{}") @JsonPropertyDescription("How Prometheus reads the metrics of the tokenizer pods.")
        MonitoringSpec monitoring,

        @Default("{}") @JsonPropertyDescription("Resources and scheduling of the tokenizer pods.")
        PodsSpec pods) {}
