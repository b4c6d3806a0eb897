package dev.lunasec.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** The HorizontalPodAutoscaler. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "self.minReplicas <= self.maxReplicas",
        fieldPath = ".minReplicas",
        message = "Write a minReplicas that is not over maxReplicas.")
public record AutoscalingSpec(
        @Default("2") @Min(1) @Max(100) @JsonPropertyDescription("The fewest pods, 1 to 100.")
        int minReplicas,

        @Required @Min(1) @Max(100) @JsonPropertyDescription("The most pods, 1 to 100.")
        int maxReplicas,

        @Default("75")
        @Min(1)
        @Max(100)
        @JsonPropertyDescription("The use of the requested CPU that is aimed at, in percent.")
        int targetCPUUtilization) {}
