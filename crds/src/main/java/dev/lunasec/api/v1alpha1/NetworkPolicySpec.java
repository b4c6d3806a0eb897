package dev.lunasec.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/** Who reaches the pods. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "self.callers.all(c, c.__namespace__.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$'))",
        fieldPath = ".callers",
        message = "Write the name of a namespace, like ingress-nginx.")
public record NetworkPolicySpec(
        @Default("Enabled")
        @JsonPropertyDescription(
                "Enabled lets pods in only that carry the label lunasec.dev/tokenizer-client=<name of the vault>, in its own namespace or in one"
                        + " of auth.applications, and the pods of callers; Disabled makes no policy.")
        Mode mode,

        @Default("[]")
        @Size(max = 32)
        @JsonPropertyDescription("Other pods that are let in, an ingress controller for example, up to 32 entries.")
        List<CallerPods> callers) {

    /** PodsSpec of a namespace. */
    @JsonInclude(Include.NON_NULL)
    public record CallerPods(
            @Required @Size(max = 63) @JsonPropertyDescription("The namespace of the pods.")
            String namespace,

            @Default("{}") @JsonPropertyDescription("The labels that they carry; empty for all pods of the namespace.")
            Map<String, String> podLabels) {}

    /** A switch. */
    public enum Mode {
        @JsonProperty("Enabled")
        ENABLED,
        @JsonProperty("Disabled")
        DISABLED
    }
}
