package dev.lunasec.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** MonitoringSpec. */
@JsonInclude(Include.NON_NULL)
public record MonitoringSpec(
        @Nullable
        @JsonPropertyDescription(
                "Makes a ServiceMonitor for the Prometheus operator, where its CRD is installed; absent for none.")
        ServiceMonitor serviceMonitor) {

    /** The ServiceMonitor. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.interval.matches('^[0-9]{1,4}(s|m|h)$')",
            fieldPath = ".interval",
            message = "Write an interval like 30s.")
    public record ServiceMonitor(
            @Default("30s") @Size(max = 5) @JsonPropertyDescription("How often the metrics are read, 30s for example.")
            String interval,

            @Default("{}") @JsonPropertyDescription("Labels by which Prometheus selects it.")
            Map<String, String> labels) {}
}
