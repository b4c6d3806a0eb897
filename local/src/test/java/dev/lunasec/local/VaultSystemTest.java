package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.client.GrantOptions;
import dev.lunasec.client.TokenizerClient;
import dev.lunasec.client.TokenizerException;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vault of {@code examples/vault.yaml} in the whole system, while its parts are killed one after the other. */
@Tag("system")
class VaultSystemTest {
    private static final String NAMESPACE = "payments";
    private static final byte[] SECRET = "a secret".getBytes(StandardCharsets.UTF_8);
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private static final LocalSystem system = SharedSystem.get();
    private static VaultWatch watch;
    private static URI url;
    private static TokenizerClient client;
    private static TokenizerClient application;

    @BeforeAll
    static void start() throws Exception {
        system.apply(LocalVault.read(Files.readString(Path.of("../examples/vault.yaml"))));
        watch = new VaultWatch(system.client(), NAMESPACE, "vault");
        watch.untilReady(Duration.ofMinutes(5), line -> {});
        url = URI.create("http://127.0.0.1:" + system.publish(NAMESPACE, "vault", 0));
        client = client("user", "session-1");
        application = client("application", "");
    }

    @AfterAll
    static void stop() {
        client.close();
        application.close();
        SharedSystem.delete(NAMESPACE);
    }

    @Test
    void anApplicationStoresAndReads() throws Exception {
        RoundTrip.run(url, system.application(), null, folder);
    }

    @Test
    void theLinesThatRunPrintsForPastingStoreAndReadAValue() throws Exception {
        String lines = Instructions.text(
                        url, system.application().url(), url, Path.of("kubeconfig"), Path.of("kubectl"), NAMESPACE)
                .lines()
                .map(String::strip)
                .filter(line -> line.matches("(JWT=|A=|curl ).*"))
                .collect(Collectors.joining("\n"));
        assertThat(pasted(lines)).matches("lunasec-[0-9a-f-]+\nmy value\n");
    }

    @Test
    void theLinesOfTheApiPageStoreReadShareRevokeAndErase() throws Exception {
        String page = Files.readString(Path.of("../docs/api.md"));
        String lines = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .collect(Collectors.joining())
                .replaceFirst(
                        "(?m)^\\. \\.run/env.*$",
                        "TOKENIZER_URL=" + url + " DEMO_URL="
                                + system.application().url());
        String done = "\\{\"success\":true,\"error\":\\{},\"data\":\\{}}\n";
        assertThat(pasted(lines))
                .matches("my value\n" + done + "my value\n" + done
                        + "\\{\"success\":false,\"error\":\\{\"name\":\"noGrant\".*\n"
                        + "\\{\"success\":true,\"error\":\\{},\"data\":\\{\"receipt\":\"[^\"]+\"}}\n");
    }

    /** What a shell prints for the lines. */
    private static String pasted(String lines) throws Exception {
        Path output = Files.createTempFile(folder, "pasted", "");
        Process shell = new ProcessBuilder("bash", "-c", lines)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(shell.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return Files.readString(output);
    }

    @Test
    void aPodComesWithTheTokenOfItsServiceAccountAndGrantsToTheShopsSessions() {
        String jwt = serviceAccountToken();
        try (TokenizerClient pod =
                TokenizerClient.builder(url).bearer(() -> jwt).build()) {
            String token = pod.tokenize(SECRET);
            assertThat(pod.detokenize(token)).isEqualTo(SECRET);
            assertThatThrownBy(() -> client.detokenize(token)).isInstanceOf(TokenizerException.class);
            pod.grant("session-1", token, GrantOptions.DEFAULT);
            assertThat(client.detokenize(token)).isEqualTo(SECRET);
        }
    }

    @Test
    void redisIsKilledAndComesBackByItself() {
        String token = client.tokenize(SECRET);
        // Once more when it was back before anybody noticed.
        await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> {
            system.node().kill(NAMESPACE, "vault-redis-0");
            return detokenizeOnce(token) == 503;
        });
        await().atMost(SOON).ignoreExceptions().until(() -> {
            application.grant("session-1", token, GrantOptions.DEFAULT);
            return true;
        });
        assertThat(client.detokenize(token)).isEqualTo(SECRET);
        await().atMost(SOON).until(() -> is("Ready", "True"));
    }

    @Test
    void thePasswordOfRedisIsReplacedWithoutAFailedRequest() throws Exception {
        String token = client.tokenize(SECRET);
        int restartsOfRedis = redis().getStatus().getContainerStatuses().get(0).getRestartCount();
        String old = redisSecret("password");
        assertThat(answerOfRedis(old)).isEqualTo("+OK");
        system.client()
                .secrets()
                .inNamespace(NAMESPACE)
                .withName("vault-redis")
                .edit(secret -> secret.edit().removeFromData("password").build());
        await().atMost(SOON).until(() -> {
            // Each a call of its own, which no client repeats.
            assertThat(detokenizeOnce(token)).isEqualTo(200);
            return !redisSecret("password").isEmpty()
                    && !redisSecret("users.acl").contains(old);
        });
        await().atMost(SOON).until(() -> {
            assertThat(detokenizeOnce(token)).isEqualTo(200);
            return answerOfRedis(old).startsWith("-WRONGPASS");
        });
        assertThat(answerOfRedis(redisSecret("password"))).isEqualTo("+OK");
        assertThat(detokenizeOnce(token)).isEqualTo(200);
        assertThat(redis().getStatus().getContainerStatuses().get(0).getRestartCount())
                .as("the grants are still there, as Redis was not restarted for it")
                .isEqualTo(restartsOfRedis);
    }

    @Test
    void theStoreGoesAwayAndComesBack() {
        String token = client.tokenize(SECRET);
        system.store().stop();
        assertThatThrownBy(() -> client.tokenize(SECRET)).isInstanceOf(TokenizerException.class);
        assertThatThrownBy(() -> client.detokenize(token)).isInstanceOf(TokenizerException.class);
        await().atMost(SOON).until(() -> is("Ready", "False"));
        system.store().restart();
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> List.of(SECRET.length).equals(List.of(client.detokenize(token).length)));
        await().atMost(SOON).until(() -> is("Ready", "True"));
    }

    @Test
    void oneTokenizerPodIsKilledAndTheOtherServes() throws Exception {
        Pod pod = system.client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel("app.kubernetes.io/component", "tokenizer")
                .list()
                .getItems()
                .get(0);
        system.node().kill(NAMESPACE, pod.getMetadata().getName());
        // Again, because the pod may be ready again before the operator has seen that it was not.
        await().atMost(SOON).pollInterval(Duration.ofSeconds(5)).until(() -> {
            if (is("Available", "False")) return true;
            system.node().kill(NAMESPACE, pod.getMetadata().getName());
            return false;
        });
        RoundTrip.run(url, system.application(), null, folder);
        await().atMost(SOON).until(() -> is("Available", "True"));
    }

    @Test
    void wrongCredentialsAreNamedAndClearByThemselves() {
        system.applyCredentials(NAMESPACE, "wrong");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(watch.condition("StorageReady"))
                        .containsEntry("status", "False")
                        .containsEntry("reason", "CredentialsRejected"));
        system.applyCredentials(NAMESPACE, system.store().secretAccessKey());
        await().atMost(SOON).until(() -> is("StorageReady", "True"));
        await().atMost(SOON).until(() -> is("Ready", "True"));
    }

    private static Pod redis() {
        return system.client()
                .pods()
                .inNamespace(NAMESPACE)
                .withName("vault-redis-0")
                .get();
    }

    /** Empty where it is not there. */
    private static String redisSecret(String key) {
        String data = system.client()
                .secrets()
                .inNamespace(NAMESPACE)
                .withName("vault-redis")
                .get()
                .getData()
                .getOrDefault(key, "");
        return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    }

    private static String answerOfRedis(String password) throws IOException {
        try (Socket socket = new Socket(redis().getStatus().getPodIP(), 6379)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(("AUTH " + password + "\r\n").getBytes(StandardCharsets.UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        }
    }

    /** What a kubelet would project into a pod of shop/backend. */
    private static String serviceAccountToken() {
        KubernetesClient cluster = system.client();
        cluster.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("shop")
                        .endMetadata()
                        .build())
                .serverSideApply();
        cluster.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("backend")
                        .withNamespace("shop")
                        .endMetadata()
                        .build())
                .serverSideApply();
        TokenRequest request = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences("tokenizer/" + NAMESPACE + "/vault")
                .withExpirationSeconds(600L)
                .endSpec()
                .build();
        return cluster.serviceAccounts()
                .inNamespace("shop")
                .withName("backend")
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    private static boolean is(String condition, String status) {
        Map<String, Object> now = watch.condition(condition);
        return status.equals(now.get("status"));
    }

    /** The status of one call; the client would try again, and Redis is back within a second. */
    private static int detokenizeOnce(String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/detokenize"))
                .header("authorization", system.application().jwt("user", "session-1"))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString("{\"tokenId\":\"" + token + "\"}"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            long began = System.nanoTime();
            int status = http.send(request, BodyHandlers.discarding()).statusCode();
            // A machine that stands still for two seconds, and not a password that Redis refuses.
            boolean late = status == 503
                    && System.nanoTime() - began > Duration.ofMillis(1_900).toNanos();
            return late ? http.send(request, BodyHandlers.discarding()).statusCode() : status;
        }
    }

    private static TokenizerClient client(String kind, String session) {
        return TokenizerClient.builder(url)
                .bearer(() -> system.application().jwt(kind, session))
                .build();
    }
}
