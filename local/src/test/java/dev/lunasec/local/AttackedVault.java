package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.client.TokenizerClient;
import dev.lunasec.contract.ManagementPaths;
import dev.lunasec.contract.TokenizerEnvironment;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The vault of the example with two pods, and with a second issuer whose keys nobody can fetch. */
final class AttackedVault implements AutoCloseable {
    static final String NAMESPACE = "attacked";

    private final LocalSystem system;
    private final ServerSocket keysThatHang = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());

    /** Applies it, and waits until it is ready. */
    AttackedVault(LocalSystem system) throws IOException, InterruptedException {
        this.system = system;
        GenericKubernetesResource example = LocalVault.read(Files.readString(Path.of("../examples/vault.yaml")));
        example.getMetadata().setNamespace(NAMESPACE);
        Map<String, Object> storage = example.get("spec", "storage");
        storage.put("bucket", NAMESPACE + "-bucket");
        GenericKubernetesResource here =
                LocalVault.on(example, system.storePlace(), system.application().jwksUrl());
        List<Map<String, Object>> issuers = new ArrayList<>(here.get("spec", "auth", "issuers"));
        Map<String, Object> hanging = new HashMap<>(issuers.getFirst());
        hanging.put("name", "hanging");
        hanging.put("issuer", AttackRequests.HANGING);
        hanging.put("jwksUrl", "http://127.0.0.1:" + keysThatHang.getLocalPort() + "/jwks.json");
        issuers.add(hanging);
        Map<String, Object> auth = here.get("spec", "auth");
        auth.put("issuers", issuers);
        // The attackers read the same two tokens until the last attack, which may begin after 15 minutes.
        Map<String, Object> grants = here.get("spec", "grants");
        grants.put("defaultDuration", "1h");
        apply(LocalVault.namespace(NAMESPACE));
        system.applyCredentials(NAMESPACE, system.store().secretAccessKey());
        apply(here);
        new VaultWatch(system.client(), NAMESPACE, "vault").untilReady(Duration.ofMinutes(5), line -> {});
    }

    /** Two pods. */
    List<Pod> pods() {
        List<Pod> pods = system.client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel("app.kubernetes.io/component", "tokenizer")
                .list()
                .getItems();
        assertThat(pods).hasSize(2);
        return pods;
    }

    Pod redis() {
        return Objects.requireNonNull(system.client()
                .pods()
                .inNamespace(NAMESPACE)
                .withName("vault-redis-0")
                .get());
    }

    /** A client of a pod. */
    TokenizerClient client(String kind, String session) {
        return TokenizerClient.builder(url(pods().getFirst()))
                .bearer(() -> system.application().jwt(kind, session))
                .build();
    }

    /** Where a pod listens for callers. */
    static URI url(Pod pod) {
        return url(pod, TokenizerEnvironment.DEFAULT_PORT);
    }

    /** How much of its {@code maxmemory} Redis uses, as a pod says. */
    double redisMemoryRatio() throws IOException, InterruptedException {
        URI management = url(pods().getFirst(), TokenizerEnvironment.DEFAULT_MANAGEMENT_PORT);
        HttpRequest scrape = HttpRequest.newBuilder(management.resolve(ManagementPaths.METRICS))
                .timeout(Duration.ofSeconds(10))
                .build();
        String name = "tokenizer_redis_memory_ratio ";
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(scrape, BodyHandlers.ofLines())
                    .body()
                    .filter(line -> line.startsWith(name))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static URI url(Pod pod, int port) {
        return URI.create("http://" + pod.getStatus().getPodIP() + ":" + port);
    }

    private void apply(HasMetadata object) {
        system.client().resource(object).fieldManager("local").forceConflicts().serverSideApply();
    }

    @Override
    public void close() throws IOException {
        SharedSystem.delete(NAMESPACE);
        keysThatHang.close();
    }
}
