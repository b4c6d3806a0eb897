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

/** The running operator: the Java Operator SDK with the settings of this project, and one reconciler. */
public final class OperatorRuntime implements AutoCloseable {
    /** How long {@link #close} waits for running passes; shorter than the grace period of the operator's pod. */
    private static final Duration DRAIN = Duration.ofSeconds(20);
    /** The number of vaults that are reconciled at the same time; each of them may wait for its store. */
    private static final int AT_ONCE = 10;

    /** The longest time between two passes over a vault. */
    public static final Duration LONGEST_INTERVAL = Duration.ofMinutes(Requeue.LONGEST_MINUTES);

    private final Operator operator;
    private final BucketProvisioner buckets;
    private final AtomicBoolean stopping = new AtomicBoolean();

    /**
     * Builds the operator. {@link #start} starts it, {@link #close} closes the client and the buckets too.
     *
     * @param deposed called when another operator became the leader: this process must exit, because passes may still run
     */
    public OperatorRuntime(
            KubernetesClient client,
            RuntimeSettings settings,
            BucketProvisioner buckets,
            MeterRegistry metrics,
            Runnable deposed,
            Clock clock) {
        this(client, settings, buckets, metrics, deposed, clock, LONGEST_INTERVAL);
    }

    /**
     * The same with another interval.
     *
     * @param interval the longest time between two passes over a vault; tests shorten it
     */
    public OperatorRuntime(
            KubernetesClient client,
            RuntimeSettings settings,
            BucketProvisioner buckets,
            MeterRegistry metrics,
            Runnable deposed,
            Clock clock,
            Duration interval) {
        this.buckets = buckets;
        operator = new Operator(o -> {
            configure(o, client, metrics);
            if (settings.lease() != null) o.withLeaderElectionConfiguration(election(settings.lease(), deposed));
        });
        TokenizerReconciler reconciler =
                new TokenizerReconciler(settings.vaults(), buckets, new VaultMetrics(metrics), clock);
        operator.register(reconciler, controller -> {
            if (!settings.namespaces().isEmpty()) controller.settingNamespaces(settings.namespaces());
            controller.withReconciliationMaxInterval(interval);
        });
    }

    private static void configure(ConfigurationServiceOverrider o, KubernetesClient client, MeterRegistry metrics) {
        o.withKubernetesClient(client)
                .withCloseClientOnStop(true)
                .withReconciliationTerminationTimeout(DRAIN)
                .withConcurrentReconciliationThreads(AT_ONCE)
                .withConcurrentWorkflowExecutorThreads(AT_ONCE)
                .withUseSSAToPatchPrimaryResource(true)
                // Without a series for each resource: their number is not bounded.
                .withMetrics(MicrometerMetrics.withoutPerResourceMetrics(metrics))
                // The SDK would write the previous version of each object into an annotation, a known cause of loops.
                .withPreviousAnnotationForDependentResources(false)
                .withParseResourceVersions(true);
    }

    /** When the SDK itself exits after a lost election, it waits for its own shutdown and hangs; so the callback exits. */
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

    /** Starts the watches; returns when the caches are filled. */
    public void start() {
        operator.start();
    }

    /** Whether the operator has started and all its watches work. */
    public boolean isReady() {
        RuntimeInfo info = operator.getRuntimeInfo();
        return info.isStarted() && info.allEventSourcesAreHealthy();
    }

    /** Waits up to {@link #DRAIN} for running passes. */
    @Override
    public void close() {
        stopping.set(true);
        operator.stop();
        buckets.close();
    }
}
