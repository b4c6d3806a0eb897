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

/** Which pods can connect to the pods of the vault. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "self.callers.all(c, c.__namespace__.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$'))",
        fieldPath = ".callers",
        message = "Write the name of a namespace, like ingress-nginx.")
@ValidationRule(
        value = "self.scrapers.all(s, s.__namespace__.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$'))",
        fieldPath = ".scrapers",
        message = "Write the name of a namespace, like monitoring.")
public record NetworkPolicySpec(
        @Default("Enabled")
        @JsonPropertyDescription(
                "Enabled lets in callers, and pods with the label lunasec.dev/tokenizer-client=<name of the"
                        + " vault> in the namespace of the vault or of an entry of auth.applications. Disabled creates"
                        + " no NetworkPolicy. Default Enabled.")
        Mode mode,

        @Default("[]")
        @Size(max = 32)
        @JsonPropertyDescription(
                "Further pods that can connect, for example an ingress controller. Default empty, at most 32"
                        + " entries.")
        List<CallerPods> callers,

        @Default("[]")
        @Size(max = 8)
        @JsonPropertyDescription(
                "Pods that can read the metrics on port 9090, for example those of Prometheus. Default empty,"
                        + " at most 8 entries. Needed if monitoring.serviceMonitor is set.")
        List<CallerPods> scrapers) {

    /** Pods of one namespace. */
    @JsonInclude(Include.NON_NULL)
    public record CallerPods(
            @Required @Size(max = 63) @JsonPropertyDescription("The namespace of the pods, at most 63 characters.")
            String namespace,

            @Default("{}")
            @JsonPropertyDescription("The labels of the pods. Default empty, which selects all pods of the namespace.")
            Map<String, String> podLabels) {}

    /** Whether there is a NetworkPolicy. */
    public enum Mode {
        @JsonProperty("Enabled")
        ENABLED,
        @JsonProperty("Disabled")
        DISABLED
    }
}
