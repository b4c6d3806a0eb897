package dev.lunasec.operator.controller;

import dev.lunasec.operator.bucket.s3.BucketProvisioner;
import dev.lunasec.operator.report.StoreMetrics;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The running operator: the Java Operator SDK with the settings of this project, and one reconciler. */
public final class OperatorRuntime implements AutoCloseable {
    /** How long {@link #close} waits for running passes; shorter than the grace period of the operator's pod. */
    private static final Duration DRAIN = Duration.ofSeconds(20);
    /** How long it then waits for those that hang. */
    private static final Duration HANGING = Duration.ofSeconds(3);
    /** The threads that apply the objects of vaults. None of them asks a store. */
    private static final int WORKFLOW_THREADS = 10;

    private final Operator operator;
    private final BucketProvisioner buckets;
    private final RunningPasses passes;
    private final AtomicBoolean stopping = new AtomicBoolean();

    /**
     * Builds the operator. {@link #start} starts it, {@link #close} closes the client and the buckets too.
     *
     * @param deposed called when another operator became the leader: this process must exit, because passes may still
     *     run
     */
    public OperatorRuntime(
            KubernetesClient client,
            RuntimeSettings settings,
            BucketProvisioner buckets,
            MeterRegistry metrics,
            Runnable deposed,
            Clock clock) {
        this(client, settings, buckets, metrics, deposed, clock, PassLimits.DEFAULT);
    }

    /**
     * The same with other limits.
     *
     * @param limits of the passes; tests lower them
     */
    public OperatorRuntime(
            KubernetesClient client,
            RuntimeSettings settings,
            BucketProvisioner buckets,
            MeterRegistry metrics,
            Runnable deposed,
            Clock clock,
            PassLimits limits) {
        this.buckets = buckets;
        passes = new RunningPasses(limits, metrics);
        operator = new Operator(o -> {
            configure(o, client, limits, metrics);
            if (settings.lease() != null) o.withLeaderElectionConfiguration(election(settings.lease(), deposed));
        });
        StoreMetrics.register(metrics);
        TokenizerReconciler reconciler =
                new TokenizerReconciler(settings.vaults(), buckets, new VaultMetrics(metrics), passes, limits, clock);
        operator.register(reconciler, controller -> {
            if (!settings.namespaces().isEmpty()) controller.settingNamespaces(settings.namespaces());
            controller.withReconciliationMaxInterval(limits.interval());
        });
    }

    private static void configure(
            ConfigurationServiceOverrider o, KubernetesClient client, PassLimits limits, MeterRegistry metrics) {
        o.withKubernetesClient(client)
                .withCloseClientOnStop(true)
                .withReconciliationTerminationTimeout(HANGING)
                .withExecutorService(threads(limits.atOnce()))
                .withConcurrentWorkflowExecutorThreads(WORKFLOW_THREADS)
                .withUseSSAToPatchPrimaryResource(true)
                // Without a series for each resource: their number is not bounded.
                .withMetrics(MicrometerMetrics.withoutPerResourceMetrics(metrics))
                // The SDK would write the previous version of each object into an annotation, a known cause of loops.
                .withPreviousAnnotationForDependentResources(false)
                .withParseResourceVersions(true);
    }

    /**
     * The threads of the passes, which end after a minute without work. They are no virtual threads, because a look-up
     * of a name that hangs would hold the thread below. The queue has at most one entry for each vault.
     */
    private static ExecutorService threads(int most) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                most,
                most,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("pass-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /**
     * When the SDK itself exits after a lost election, it waits for its own shutdown and hangs; so the callback exits.
     */
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

    /**
     * Waits up to {@link #DRAIN} for running passes, and then stops the watches. The caches lose their objects with the
     * watches, so a pass that still ran would report that the pods do not exist.
     */
    @Override
    public void close() {
        stopping.set(true);
        try {
            passes.stop(DRAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        operator.stop();
        buckets.close();
    }
}
