package dev.lunasec.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** The HorizontalPodAutoscaler of the tokenizer pods. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "self.minReplicas <= self.maxReplicas",
        fieldPath = ".minReplicas",
        message = "Write a minReplicas that is at most maxReplicas.")
public record AutoscalingSpec(
        @Default("2")
        @Min(1)
        @Max(100)
        @JsonPropertyDescription("The lowest number of tokenizer pods. Default 2, from 1 to 100.")
        int minReplicas,

        @Required @Min(1) @Max(100) @JsonPropertyDescription("The highest number of tokenizer pods, from 1 to 100.")
        int maxReplicas,

        @Default("75")
        @Min(1)
        @Max(100)
        @JsonPropertyDescription(
                "The CPU use at which the autoscaler aims, in percent of the requested CPU. Default 75, from"
                        + " 1 to 100.")
        int targetCPUUtilization) {}
