package dev.lunasec.operator;

import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.operator.bucket.s3.BucketProvisioner;
import dev.lunasec.operator.controller.ApiServerClient;
import dev.lunasec.operator.controller.OperatorRuntime;
import dev.lunasec.operator.controller.RuntimeSettings;
import dev.lunasec.runtime.ManagementServer;
import dev.lunasec.runtime.ManagementServer.Readiness;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
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

/**
 * Starts the operator: settings, client, reconciler, management port. At the end of the process, stops them in reverse
 * order.
 */
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);

    private Main() {}

    /**
     * Runs the operator. With the arguments {@code check URL}, sends one GET instead and exits with 0 if the status is
     * 200: the chart's test needs that, because the image contains no other program.
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
            // If the SDK cannot start, its threads would keep the process alive although it does nothing.
            log.error("The operator could not start.", e);
            System.exit(1);
        }
    }

    private static void run(OperatorSettings settings) {
        RuntimeSettings runtime = settings.runtime();
        KubernetesClient client = ApiServerClient.of(new ConfigBuilder().build());
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        OperatorRuntime operator = new OperatorRuntime(
                client,
                runtime,
                new BucketProvisioner(Duration.ofSeconds(10), settings.bindingDelay()),
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
                "The operator watches {}; tokenizer image {}, Redis image {}; probes on port {}.",
                runtime.namespaces().isEmpty() ? "all namespaces" : runtime.namespaces(),
                runtime.vaults().tokenizerImage(),
                runtime.vaults().redisImage(),
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
            System.out.println(url + " answered " + status);
            return status == 200 ? 0 : 1;
        } catch (IOException e) {
            System.err.println(url + " did not answer");
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static void deposed() {
        log.error("Another operator is the leader now; this one exits.");
        Runtime.getRuntime().halt(1);
    }
}
