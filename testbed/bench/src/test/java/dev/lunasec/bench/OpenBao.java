package dev.lunasec.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lunasec.testbed.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** An OpenBao in memory, with one key of its transit engine: what is compared with the vault. */
final class OpenBao implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "root";
    private static final String HEADER = "X-Vault-Token";

    /** A card number in Base64, as the transit engine wants it. */
    private static final Map<String, String> PLAINTEXT = Map.of("plaintext", "NDExMSAxMTExIDExMTEgMTExMQ==");

    final int port = FreePort.find();
    final MeasuredProcess process;
    private final HttpClient http = HttpClient.newHttpClient();

    /**
     * Starts it and makes the key.
     *
     * @param program the file bao
     * @param work a folder for its files and its log
     */
    OpenBao(Path program, Path work) throws IOException, InterruptedException {
        ProcessBuilder server = new ProcessBuilder(
                program.toString(),
                "server",
                "-dev",
                "-dev-no-store-token",
                "-dev-root-token-id=" + TOKEN,
                "-dev-listen-address=127.0.0.1:" + port,
                "-log-level=error");
        server.environment().put("HOME", work.toString());
        process = new MeasuredProcess(server, work.resolve("openbao.log"));
        var unused = process.awaitOk(URI.create("http://127.0.0.1:" + port + "/v1/sys/health"));
        post("/v1/sys/mounts/transit", Map.of("type", "transit"));
        post("/v1/transit/keys/bench", Map.of());
    }

    /** The bytes of a request that encrypts a value. */
    byte[] encrypt() throws IOException {
        return request("/v1/transit/encrypt/bench", PLAINTEXT);
    }

    /** The bytes of a request that decrypts a value, each another ciphertext. */
    byte[] decrypt() throws IOException, InterruptedException {
        JsonNode answer = post("/v1/transit/encrypt/bench", PLAINTEXT);
        String ciphertext = answer.path("data").path("ciphertext").textValue();
        return request("/v1/transit/decrypt/bench", Map.of("ciphertext", ciphertext));
    }

    private static byte[] request(String path, Map<String, String> body) throws IOException {
        return Requests.post(path, HEADER + ": " + TOKEN, JSON.writeValueAsString(body));
    }

    private JsonNode post(String path, Map<String, String> body) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header(HEADER, TOKEN)
                        .timeout(Duration.ofSeconds(30))
                        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() / 100 == 2) return JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
        throw new IOException("OpenBao answers " + answer.statusCode() + " at " + path);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        http.close();
        process.close();
    }
}
