package dev.lunasec.operator.dependent.tokenizer;

import dev.lunasec.api.v1alpha1.MonitoringSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.ManagementPaths;
import dev.lunasec.operator.dependent.VaultDependent;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Tells the Prometheus operator where the tokenizer pods serve metrics. */
@KubernetesDependent(informer = @Informer(labelSelector = Annotations.MANAGED_BY_OPERATOR))
public final class TokenizerServiceMonitor extends VaultDependent<ServiceMonitor> {
    public TokenizerServiceMonitor() {
        super(ServiceMonitor.class, Names::tokenizer);
    }

    @Override
    protected ServiceMonitor desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        return desired(tokenizer);
    }

    static ServiceMonitor desired(Tokenizer tokenizer) {
        Names names = Names.of(tokenizer);
        MonitoringSpec.ServiceMonitor wanted = Objects.requireNonNull(
                tokenizer.getSpec().monitoring().serviceMonitor(), "spec.monitoring.serviceMonitor");
        ServiceMonitor monitor = new ServiceMonitor();
        monitor.setMetadata(names.metadata(names.tokenizer(), Names.Component.TOKENIZER));
        Map<String, String> labels = new TreeMap<>(wanted.labels());
        labels.putAll(names.labels(Names.Component.TOKENIZER));
        monitor.getMetadata().setLabels(labels);
        monitor.setSpec(new ServiceMonitor.Spec(
                new ServiceMonitor.Selector(names.selector(Names.Component.TOKENIZER)),
                List.of(new ServiceMonitor.Endpoint("management", ManagementPaths.METRICS, wanted.interval()))));
        return monitor;
    }
}
