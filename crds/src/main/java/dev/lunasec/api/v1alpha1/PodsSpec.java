package dev.lunasec.api.v1alpha1;

import static dev.lunasec.api.v1alpha1.Rules.NAME;
import static dev.lunasec.api.v1alpha1.Rules.NAME_LENGTH;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Resources and scheduling of the tokenizer pods. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "!has(self.serviceAccountName) || self.serviceAccountName." + NAME,
        fieldPath = ".serviceAccountName",
        message = "Write the name of a ServiceAccount in the same namespace, like vault.")
public record PodsSpec(
        @Nullable
        @Size(max = NAME_LENGTH)
        @JsonPropertyDescription(
                "The ServiceAccount of the pods, for a store that authorises them by it. If absent, the"
                        + " default ServiceAccount of the namespace is used.")
        String serviceAccountName,

        @Default("{\"requests\": {\"cpu\": \"100m\", \"memory\": \"384Mi\"}, \"limits\": {\"memory\": \"512Mi\"}}")
        @JsonPropertyDescription(
                "The CPU and the memory of a pod. Default requests of cpu 100m and memory 384Mi, and limits"
                        + " of memory 512Mi.")
        Resources resources,

        @Default("{}")
        @JsonPropertyDescription(
                "Labels of the nodes on which the pods can run. Default empty, which selects all nodes.")
        Map<String, String> nodeSelector,

        @Default("[]")
        @Size(max = 32)
        @JsonPropertyDescription("The taints of nodes that the pods tolerate. Default empty, at most 32 entries.")
        List<Toleration> tolerations,

        @Nullable
        @Size(max = NAME_LENGTH)
        @JsonPropertyDescription("The PriorityClass of the pods. If absent, the default PriorityClass is used.")
        String priorityClassName) {

    /**
     * The CPU and the memory of a pod. With a lower limit of memory than the rule allows, the parts of the process that
     * do not grow with the limit and the heap do not fit, and the kernel kills the pod.
     */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "!has(self.limits) || !('memory' in self.limits) || (isQuantity(string(self.limits['memory']))"
                    + " && quantity(string(self.limits['memory'])).compareTo(quantity('384Mi')) >= 0)",
            fieldPath = ".limits",
            message = "Write a memory limit of at least 384Mi, like 512Mi.")
    public record Resources(
            @Nullable @JsonPropertyDescription("The amounts that are reserved, by cpu and memory.")
            Map<String, Quantity> requests,

            @Nullable @JsonPropertyDescription("The highest amounts, by cpu and memory. The memory is at least 384Mi.")
            Map<String, Quantity> limits) {}

    /** A taint that is tolerated, as in a pod. */
    @JsonInclude(Include.NON_NULL)
    public record Toleration(
            @Nullable
            @Size(max = 253)
            @JsonPropertyDescription("The key of the taint. If absent, all taints are tolerated.")
            String key,

            @Nullable
            @Size(max = 6)
            @JsonPropertyDescription("Exists or Equal, at most 6 characters. If absent, Equal is used.")
            String operator,

            @Nullable
            @Size(max = 63)
            @JsonPropertyDescription("The value of the taint, for the operator Equal, at most 63 characters.")
            String value,

            @Nullable
            @Size(max = 16)
            @JsonPropertyDescription(
                    "NoSchedule, PreferNoSchedule or NoExecute, at most 16 characters. If absent, all effects are"
                            + " tolerated.")
            String effect,

            @Nullable
            @JsonPropertyDescription(
                    "How many seconds the pods tolerate a taint with the effect NoExecute. If absent, there is no"
                            + " limit.")
            Long tolerationSeconds) {}
}
