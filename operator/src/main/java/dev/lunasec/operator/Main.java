package dev.lunasec.operator;

import dev.lunasec.operator.bucket.Buckets;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settings, client, operator, probes; the end in reverse. */
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);

    private Main() {}

    public static void main(String[] arguments) {
        try {
            run(OperatorSettings.from(System.getenv()));
        } catch (OperatorSettings.Invalid e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (RuntimeException e) {
            // The SDK leaves threads behind when it cannot start; they would keep a process alive that does nothing.
            log.error("The operator could not start.", e);
            System.exit(1);
        }
    }

    private static void run(OperatorSettings settings) {
        KubernetesClient client = new KubernetesClientBuilder().build();
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        TokenizerOperator operator = new TokenizerOperator(
                client, settings, new Buckets(Duration.ofSeconds(10)), metrics, Main::deposed, Clock.systemUTC());
        Probes probes = new Probes(settings.address(), settings.port(), operator::isReady, metrics::scrape);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            operator.close();
                            probes.close();
                        },
                        "shutdown"));
        new JvmMemoryMetrics().bindTo(metrics);
        operator.start();
        log.info(
                "Watching {}; tokenizer image {}, Redis image {}; probes on port {}.",
                settings.namespaces().isEmpty() ? "all namespaces" : settings.namespaces(),
                settings.tokenizerImage(),
                settings.redisImage(),
                probes.port());
    }

    private static void deposed() {
        log.error("Another operator is the leader now; this one ends.");
        Runtime.getRuntime().halt(1);
    }
}
