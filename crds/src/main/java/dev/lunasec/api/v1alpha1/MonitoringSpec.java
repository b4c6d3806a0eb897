package dev.lunasec.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How Prometheus reads the metrics of the tokenizer pods. */
@JsonInclude(Include.NON_NULL)
public record MonitoringSpec(
        @Nullable
        @JsonPropertyDescription(
                "A ServiceMonitor for the Prometheus operator. The operator creates it only if the CRD of"
                        + " ServiceMonitors is installed. If absent, there is none.")
        ServiceMonitor serviceMonitor) {

    /** The ServiceMonitor. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.interval.matches('^[0-9]{1,4}(s|m|h)$')",
            fieldPath = ".interval",
            message = "Write an interval like 30s.")
    public record ServiceMonitor(
            @Default("30s")
            @Size(max = 5)
            @JsonPropertyDescription("How often Prometheus reads the metrics. Default 30s, at most 5 characters.")
            String interval,

            @Default("{}")
            @JsonPropertyDescription("Labels by which Prometheus selects the ServiceMonitor. Default empty.")
            Map<String, String> labels) {}
}
