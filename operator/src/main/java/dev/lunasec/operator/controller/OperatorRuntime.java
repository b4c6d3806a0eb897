package dev.lunasec.operator.controller;

import dev.lunasec.operator.bucket.s3.BucketProvisioner;
import dev.lunasec.operator.report.VaultMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RuntimeInfo;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** The running operator: the SDK with our settings, and one reconciler. */
public final class OperatorRuntime implements AutoCloseable {
    /** What a running pass is given to end; shorter than the grace period of the operator's pod. */
    private static final Duration DRAIN = Duration.ofSeconds(20);
    /** As many vaults are worked on at the same time; each may wait for a store. */
    private static final int AT_ONCE = 10;

    private final Operator operator;
    private final BucketProvisioner buckets;
    private final AtomicBoolean stopping = new AtomicBoolean();

    /**
     * Starts when told to; closes client and buckets in the end.
     *
     * @param deposed called when another one has become the leader: this process must end, for it may still be at work
     */
    public OperatorRuntime(
            KubernetesClient client,
            RuntimeSettings settings,
            BucketProvisioner buckets,
            MeterRegistry metrics,
            Runnable deposed,
            Clock clock) {
        this.buckets = buckets;
        operator = new Operator(o -> {
            configure(o, client, metrics);
            if (settings.lease() != null) o.withLeaderElectionConfiguration(election(settings.lease(), deposed));
        });
        TokenizerReconciler reconciler =
                new TokenizerReconciler(settings.vaults(), buckets, new VaultMetrics(metrics), clock);
        operator.register(reconciler, controller -> {
            if (!settings.namespaces().isEmpty()) controller.settingNamespaces(settings.namespaces());
        });
    }

    private static void configure(ConfigurationServiceOverrider o, KubernetesClient client, MeterRegistry metrics) {
        o.withKubernetesClient(client)
                .withCloseClientOnStop(true)
                .withReconciliationTerminationTimeout(DRAIN)
                .withConcurrentReconciliationThreads(AT_ONCE)
                .withConcurrentWorkflowExecutorThreads(AT_ONCE)
                .withUseSSAToPatchPrimaryResource(true)
                // Without the names of resources, whose number nobody bounds.
                .withMetrics(MicrometerMetrics.withoutPerResourceMetrics(metrics))
                // The annotation with the previous version would be written into every object, and is a known cause of
                // loops.
                .withPreviousAnnotationForDependentResources(false)
                .withParseResourceVersions(true);
    }

    /** The SDK's own way out of a lost election ends the process from inside of its end, and so never ends. */
    private LeaderElectionConfiguration election(RuntimeSettings.Lease lease, Runnable deposed) {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(lease.name())
                .withLeaseNamespace(lease.namespace())
                .withIdentity(lease.identity())
                .withExitOnStopLeading(false)
                .withLeaderCallbacks(new LeaderCallbacks(
                        () -> {},
                        () -> {
                            if (!stopping.get()) deposed.run();
                        },
                        leader -> {}))
                .build();
    }

    /** Returns when the caches are filled. */
    public void start() {
        operator.start();
    }

    public boolean isReady() {
        RuntimeInfo info = operator.getRuntimeInfo();
        return info.isStarted() && info.allEventSourcesAreHealthy();
    }

    /** Lets running passes end, within {@link #DRAIN}. */
    @Override
    public void close() {
        stopping.set(true);
        operator.stop();
        buckets.close();
    }
}
