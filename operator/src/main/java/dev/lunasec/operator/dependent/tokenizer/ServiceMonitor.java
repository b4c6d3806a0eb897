package dev.lunasec.operator.dependent.tokenizer;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import java.util.Map;

/** The part of the Prometheus operator's ServiceMonitor that this operator writes. */
@Group(ServiceMonitor.GROUP)
@Version(ServiceMonitor.VERSION)
@JsonInclude(JsonInclude.Include.NON_NULL)
public final class ServiceMonitor extends CustomResource<ServiceMonitor.Spec, Void> implements Namespaced {
    private static final long serialVersionUID = 1;

    static final String GROUP = "monitoring.coreos.com";
    static final String VERSION = "v1";

    /** The Services, and where they serve metrics. */
    public record Spec(Selector selector, List<Endpoint> endpoints) {}

    /** Selects the Services that have all these labels. */
    public record Selector(Map<String, String> matchLabels) {}

    /** The name of a port, the path, and how often Prometheus scrapes it. */
    public record Endpoint(String port, String path, String interval) {}
}
