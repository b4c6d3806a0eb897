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

/** The tokenizer pods. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "!has(self.serviceAccountName) || self.serviceAccountName." + NAME,
        fieldPath = ".serviceAccountName",
        message = "Write the name of a ServiceAccount in the same namespace, like vault.")
public record PodsSpec(
        @Nullable
        @Size(max = NAME_LENGTH)
        @JsonPropertyDescription(
                "The ServiceAccount of the pods, for a store that knows them by it; absent for the namespace's default one.")
        String serviceAccountName,

        @Default("{\"requests\": {\"cpu\": \"100m\", \"memory\": \"384Mi\"}, \"limits\": {\"memory\": \"512Mi\"}}")
        @JsonPropertyDescription("The CPU and the memory of a pod.")
        Resources resources,

        @Default("{}") @JsonPropertyDescription("The labels of the nodes that they may run on.")
        Map<String, String> nodeSelector,

        @Default("[]") @Size(max = 32) @JsonPropertyDescription("The taints of nodes that they tolerate.")
        List<Toleration> tolerations,

        @Nullable @Size(max = NAME_LENGTH) @JsonPropertyDescription("Their PriorityClass; absent for the default one.")
        String priorityClassName) {

    /** What a pod may use. */
    @JsonInclude(Include.NON_NULL)
    public record Resources(
            @Nullable @JsonPropertyDescription("What is set aside, by cpu and memory.")
            Map<String, Quantity> requests,

            @Nullable @JsonPropertyDescription("What it may not go over, by cpu and memory.")
            Map<String, Quantity> limits) {}

    /** A taint that is tolerated, as in a pod. */
    @JsonInclude(Include.NON_NULL)
    public record Toleration(
            @Nullable @Size(max = 253) @JsonPropertyDescription("The key of the taint; absent for all.")
            String key,

            @Nullable @Size(max = 6) @JsonPropertyDescription("Exists or Equal (the default).")
            String operator,

            @Nullable @Size(max = 63) @JsonPropertyDescription("The value of the taint, for Equal.")
            String value,

            @Nullable
            @Size(max = 16)
            @JsonPropertyDescription("NoSchedule, PreferNoSchedule or NoExecute; absent for all.")
            String effect,

            @Nullable @JsonPropertyDescription("How many seconds a taint of NoExecute is tolerated; absent for ever.")
            Long tolerationSeconds) {}
}
