package dev.lunasec.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.TokenizerEnvironment.Cluster;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.contract.TokenizerSettings.Application;
import dev.lunasec.contract.TokenizerSettings.Auth;
import dev.lunasec.contract.TokenizerSettings.VaultName;
import dev.lunasec.controlplane.ControlPlane;
import dev.lunasec.tokenizer.auth.Authenticator;
import dev.lunasec.tokenizer.auth.IssuerRouter;
import dev.lunasec.tokenizer.auth.ServiceAccountAuthenticator;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real API server gives out, publishes, and takes: the tokens of ServiceAccounts, and the examples. */
@Tag("api-server")
class RealApiServerTest {
    @TempDir
    static Path folder;

    private static ControlPlane plane;

    @BeforeAll
    static void start() throws Exception {
        plane = ControlPlane.shared();
        for (String namespace : List.of("payments", "shop")) {
            kubectl("create", "namespace", namespace);
            kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/warn=restricted");
        }
        kubectl("create", "serviceaccount", "vault", "--namespace=payments");
        kubectl("create", "serviceaccount", "backend", "--namespace=shop", "--save-config");
    }

    @Test
    void theTokenOfAPodIsCheckedWithWhatTheApiServerPublishesToAPod() throws Exception {
        Path account = Files.createDirectory(folder.resolve("account"));
        Files.writeString(account.resolve("token"), kubectl("create", "token", "vault", "--namespace=payments"));
        Files.write(account.resolve("ca.crt"), Base64.getDecoder().decode(kubeconfig("certificate-authority-data")));
        Authenticator authenticator = new IssuerRouter(
                List.of(),
                null,
                new ServiceAccountAuthenticator(
                        new Cluster(URI.create(kubeconfig("server")), account),
                        new VaultName("payments", "vault"),
                        new Auth(Duration.ofMinutes(15), Duration.ofHours(1), false),
                        List.of(new Application("shop", "backend", EnumSet.of(Action.GRANT), null))),
                Duration.ofMinutes(15));
        String token = kubectl("create", "token", "backend", "--namespace=shop", "--audience=tokenizer/payments/vault");
        assertThat(authenticator.authenticate("Bearer " + token).subject()).isEqualTo("serviceaccount:shop/backend");
        String forTheApiServer = kubectl("create", "token", "backend", "--namespace=shop");
        assertThatThrownBy(() -> authenticator.authenticate(forTheApiServer))
                .hasMessageContaining("project one with the audience tokenizer/payments/vault");
        String ofTheVault =
                kubectl("create", "token", "vault", "--namespace=payments", "--audience=tokenizer/payments/vault");
        assertThatThrownBy(() -> authenticator.authenticate(ofTheVault))
                .hasMessageContaining("The ServiceAccount payments/vault is no application");
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent.yaml", "application.yaml"})
    void anExampleIsTakenWithoutAWarning(String example) throws Exception {
        assertThat(kubectl(
                        "apply",
                        "--dry-run=server",
                        "--validate=strict",
                        "--filename=" + Path.of("../examples", example)))
                .contains("deployment.apps/backend created")
                .doesNotContain("Warning");
    }

    private static String kubeconfig(String key) {
        Matcher line = Pattern.compile(key + ": *\"?([^\\s\"]+)").matcher(plane.kubeconfigYaml());
        assertThat(line.find()).isTrue();
        return line.group(1);
    }

    private static String kubectl(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(plane.binary("kubectl").toString(), "--kubeconfig=" + plane.kubeconfig()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
