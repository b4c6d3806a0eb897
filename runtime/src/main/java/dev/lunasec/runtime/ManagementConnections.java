package dev.lunasec.runtime;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** Tells how many of the connections of the management port are in use, that of the scrape included. */
record ManagementConnections(BoundedConnector connector) implements MultiCollector {
    @Override
    public MetricSnapshots collect() {
        return MetricSnapshots.of(
                gauge(
                        "tokenizer_management_connections_open",
                        "open connections of the port of probes and metrics",
                        connector.connections()),
                gauge(
                        "tokenizer_management_connections_limit",
                        "the most open connections of the port of probes and metrics",
                        connector.bounds().connections()));
    }

    private static GaugeSnapshot gauge(String name, String help, int value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build();
    }
}
