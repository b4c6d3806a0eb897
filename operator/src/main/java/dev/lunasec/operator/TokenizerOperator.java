package dev.lunasec.operator;

import dev.lunasec.operator.bucket.Buckets;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RuntimeInfo;
import java.time.Clock;
import java.time.Duration;

/** The running operator: the SDK with our settings, and one reconciler. */
public final class TokenizerOperator implements AutoCloseable {
    /** What a running pass is given to end; shorter than the grace period of the operator's pod. */
    private static final Duration DRAIN = Duration.ofSeconds(20);
    /** As many vaults are worked on at the same time; each may wait for a store. */
    private static final int AT_ONCE = 10;

    private final Operator operator;
    private final Buckets buckets;

    /** Starts when told to; closes client and buckets in the end. */
    public TokenizerOperator(KubernetesClient client, OperatorSettings settings, Buckets buckets, Clock clock) {
        this.buckets = buckets;
        operator = new Operator(o -> o.withKubernetesClient(client)
                .withCloseClientOnStop(true)
                .withReconciliationTerminationTimeout(DRAIN)
                .withConcurrentReconciliationThreads(AT_ONCE)
                .withConcurrentWorkflowExecutorThreads(AT_ONCE)
                .withUseSSAToPatchPrimaryResource(true)
                // The annotation with the previous version would be written into every object, and is a known cause of
                // loops.
                .withPreviousAnnotationForDependentResources(false)
                .withParseResourceVersions(true));
        operator.register(new TokenizerReconciler(settings, buckets, clock), controller -> {
            if (!settings.namespaces().isEmpty()) controller.settingNamespaces(settings.namespaces());
        });
    }

    /** Returns when the caches are filled. */
    public void start() {
        operator.start();
    }

    boolean isReady() {
        RuntimeInfo info = operator.getRuntimeInfo();
        return info.isStarted() && info.allEventSourcesAreHealthy();
    }

    /** Lets running passes end, within {@link #DRAIN}. */
    @Override
    public void close() {
        operator.stop();
        buckets.close();
    }
}
