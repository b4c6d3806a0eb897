package dev.lunasec.operator;

import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.operator.bucket.s3.BucketProvisioner;
import dev.lunasec.operator.controller.OperatorRuntime;
import dev.lunasec.runtime.ManagementServer;
import dev.lunasec.runtime.ManagementServer.Readiness;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the operator: settings, client, operator, management port. It stops them in reverse. */
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);

    private Main() {}

    /**
     * Without arguments: the operator. {@code check URL}: asks once, and ends with 0 when the answer is 200; for the chart's test, whose
     * image has no other program.
     */
    public static void main(String[] arguments) {
        try {
            if (arguments.length == 2 && arguments[0].equals("check")) System.exit(check(URI.create(arguments[1])));
            if (arguments.length > 0) {
                System.err.println("usage: operator | operator check URL");
                System.exit(2);
            }
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
        OperatorRuntime operator = new OperatorRuntime(
                client,
                settings,
                new BucketProvisioner(Duration.ofSeconds(10)),
                metrics,
                Main::deposed,
                Clock.systemUTC());
        ManagementServer management = manage(settings, operator, metrics);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            operator.close();
                            management.close();
                        },
                        "shutdown"));
        new JvmMemoryMetrics().bindTo(metrics);
        operator.start();
        log.info(
                "Watching {}; tokenizer image {}, Redis image {}; probes on port {}.",
                settings.namespaces().isEmpty() ? "all namespaces" : settings.namespaces(),
                settings.tokenizerImage(),
                settings.redisImage(),
                management.port());
    }

    private static ManagementServer manage(
            OperatorSettings settings, OperatorRuntime operator, PrometheusMeterRegistry metrics) {
        try {
            return new ManagementServer(
                    settings.address(),
                    settings.port(),
                    () -> Readiness.of(operator.isReady()),
                    metrics.getPrometheusRegistry());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    EnvironmentVariables.OPERATOR_PORT + " is " + settings.port()
                            + ", and the operator cannot listen there; set it to another port.",
                    e);
        }
    }

    private static int check(URI url) {
        HttpRequest request =
                HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(10)).build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            int status = http.send(request, BodyHandlers.discarding()).statusCode();
            System.out.println(url + " answers " + status);
            return status == 200 ? 0 : 1;
        } catch (IOException e) {
            System.err.println(url + " gives no answer");
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static void deposed() {
        log.error("Another operator is the leader now; this one ends.");
        Runtime.getRuntime().halt(1);
    }
}
