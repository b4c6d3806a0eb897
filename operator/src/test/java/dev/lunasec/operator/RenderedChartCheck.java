package dev.lunasec.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.controlplane.ControlPlane;
import dev.lunasec.controlplane.Crds;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a real API server says of the chart and the examples: the files of the property {@code chart.rendered}, applied
 * for trial with strict validation. {@code helm/check} runs it, and no build without helm.
 */
@Tag("api-server")
class RenderedChartCheck {
    @TempDir
    Path folder;

    @Test
    void theApiServerTakesEveryManifest() throws Exception {
        String files = Objects.requireNonNull(System.getProperty("chart.rendered"), "helm/check runs this");
        ControlPlane plane = ControlPlane.shared();
        Config config = Config.fromKubeconfig(plane.kubeconfigYaml());
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            for (String kind : List.of("ServiceMonitor", "PrometheusRule")) PrometheusOperator.install(client, kind);
            Crds.install(
                    client,
                    RenderedChartCheck.class.getResourceAsStream("/META-INF/fabric8/tokenizers.lunasec.dev-v1.yml"));
            for (String namespace : List.of("tokenizer-system", "payments", "shop")) {
                client.resource(new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(namespace)
                                .endMetadata()
                                .build())
                        .serverSideApply();
                // Which no controller makes here, and no pod is let in without.
                client.resource(new ServiceAccountBuilder()
                                .withNewMetadata()
                                .withName("default")
                                .withNamespace(namespace)
                                .endMetadata()
                                .build())
                        .serverSideApply();
            }
        }
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), plane.kubeconfigYaml());
        for (String file : files.split(",", -1)) {
            Process kubectl = new ProcessBuilder(
                            plane.binary("kubectl").toString(),
                            "--kubeconfig=" + kubeconfig,
                            "apply",
                            "--server-side",
                            "--dry-run=server",
                            "--force-conflicts",
                            "--validate=strict",
                            "--filename=" + file)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(kubectl.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(kubectl.exitValue()).as("%s: %s", file, said).isZero();
            assertThat(said).contains("serverside-applied (server dry run)");
        }
    }
}
