package dev.lunasec.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.testbed.FreePort;
import dev.lunasec.testbed.TestAuthority;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.BucketListing;
import dev.lunasec.tokenizer.store.S3Records;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.TestVault;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.Payload;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.Token;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tokenizer as a process, as a pod runs it: how it starts, how it fails to, and how it ends. */
@Tag("embedded")
class MainTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @TempDir
    Path folder;

    private TestVault vault;
    private Map<String, String> environment;
    private @Nullable Process process;

    @BeforeEach
    void start() {
        vault = new TestVault(folder);
        environment = new HashMap<>(Map.of(
                "TOKENIZER_SETTINGS", folder.resolve("settings.json").toString(),
                "TOKENIZER_KEYRING", folder.resolve("keyring").toString(),
                "TOKENIZER_REDIS_URL", folder.resolve("redis-url").toString(),
                "TOKENIZER_STORAGE_CREDENTIALS", folder.resolve("storage").toString(),
                "TOKENIZER_TERMINATION_LOG", folder.resolve("termination").toString(),
                "TOKENIZER_ADDRESS", "127.0.0.1",
                "TOKENIZER_PORT", Integer.toString(FreePort.find()),
                "TOKENIZER_MANAGEMENT_PORT", Integer.toString(FreePort.find())));
    }

    @AfterEach
    void stop() {
        if (process != null) process.destroyForcibly();
        vault.close();
    }

    @Test
    void itEndsWithWhatIsInFlightDone() throws Exception {
        Process process = run("serve");
        Api api = new Api(url("TOKENIZER_PORT"));
        Api management = new Api(url("TOKENIZER_MANAGEMENT_PORT"));
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() ->
                        management.send(management.request("/readyz").GET()).status() == 200);
        String jwt = vault.issuer.jwt("user", "session-1");
        assertThat(api.post("/tokenize", jwt, "{}").status()).isEqualTo(200);
        assertThat(management.send(management.request("/livezzz").GET()).status())
                .isEqualTo(404);

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port("TOKENIZER_PORT"))) {
            socket.setSoTimeout((int) SOON.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(("POST /tokenize HTTP/1.1\r\nhost: x\r\nauthorization: " + jwt
                            + "\r\ncontent-type: application/json\r\ncontent-length: 2"
                            + "\r\nexpect: 100-continue\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            // The server asks for the body once it knows the caller; from then on the request is in flight.
            String goOn = "HTTP/1.1 100 Continue\r\n\r\n";
            assertThat(new String(socket.getInputStream().readNBytes(goOn.length()), StandardCharsets.UTF_8))
                    .isEqualTo(goOn);
            out.write('{');
            out.flush();
            process.destroy();
            await().atMost(SOON)
                    .until(() ->
                            management.send(management.request("/readyz").GET()).status() == 503);
            out.write('}');
            out.flush();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200")
                    .contains("\"tokenId\"");
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(folder.resolve("termination")).doesNotExist();
    }

    @Test
    void eachAuditLineIsOneJsonObjectAndNoLogLevelSilencesIt() throws Exception {
        environment.put("LOG_LEVEL", "ERROR");
        run("serve");
        Api api = new Api(url("TOKENIZER_PORT"));
        String jwt = vault.issuer.jwt("user", "session-1");
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> api.post("/tokenize", jwt, "{}").status() == 200);
        assertThat(api.post("/detokenize", "nobody", "{}").status()).isEqualTo(401);
        // The lines are written before the answers.
        List<String> lines = Files.readAllLines(folder.resolve("output"));
        List<String> results = new ArrayList<>();
        for (String line : lines) {
            JsonNode json = JSON.readTree(line);
            assertThat(json.fieldNames()).toIterable().as(line).startsWith("time", "action", "result");
            results.add(
                    json.get("action").textValue() + " " + json.get("result").textValue());
        }
        assertThat(results).contains("/tokenize ok").endsWith("/detokenize unauthenticated");
    }

    @Test
    void halfSentRequestsToTheManagementPortKeepNobodyFromAskingWhetherItLives() throws Exception {
        run("serve");
        Api management = new Api(url("TOKENIZER_MANAGEMENT_PORT"));
        await().atMost(SOON).ignoreExceptions().until(() -> lives(management));
        List<Socket> halfSent = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port("TOKENIZER_MANAGEMENT_PORT"));
                halfSent.add(socket);
                socket.setSoTimeout((int) SOON.toMillis());
                socket.getOutputStream().write("GET /li".getBytes(StandardCharsets.UTF_8));
            }
            List<CompletableFuture<Integer>> ends =
                    halfSent.stream().map(MainTest::readLater).toList();
            assertThat(lives(management)).isTrue();
            assertThat(ends).as("the answer did not wait for their end").noneMatch(CompletableFuture::isDone);
            // And they do not stay: the server hangs up.
            for (CompletableFuture<Integer> end : ends)
                assertThat(end).succeedsWithin(SOON).isEqualTo(-1);
        } finally {
            for (Socket socket : halfSent) socket.close();
        }
    }

    @Test
    void wrongCredentialsAreSaidInOneSentence() throws Exception {
        Path credentials = Files.createDirectories(folder.resolve("wrong"));
        AccessKeys wrong = new AccessKeys("embedded-access", "a-secret-that-is-wrong");
        Files.writeString(credentials.resolve("accessKeyId"), wrong.accessKeyId());
        Files.writeString(credentials.resolve("secretAccessKey"), wrong.secretAccessKey());
        environment.put("TOKENIZER_STORAGE_CREDENTIALS", credentials.toString());
        assertThat(failure()).contains("credentials").doesNotContain(wrong.secretAccessKey());
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        Files.delete(folder.resolve("keyring/lookup"));
        assertThat(failure()).contains("lookup");
        environment.remove("TOKENIZER_KEYRING");
        assertThat(failure()).contains("TOKENIZER_KEYRING");
    }

    @Test
    void aKeyringThatIsNotYetTheAnnouncedOneIsWaitedForWithARestart() throws Exception {
        environment.put("TOKENIZER_KEYRING_EXPECTED", "primary=2 shares=1,2");
        assertThat(failure()).contains("not yet the announced", "primary=1 shares=1", "will be restarted");
    }

    @Test
    void noCommandStartsBeforeTheVaultIsBound() throws Exception {
        rotate();
        Path location = folder.resolve("keyring/location");
        Files.writeString(location, "unbound");
        List<String> commands = List.of("rewrap", "sweep", "serve");
        List<String> sentences = new ArrayList<>();
        for (String command : commands) sentences.add(failure(command));
        Files.delete(location);
        for (String command : commands) sentences.add(failure(command));
        assertThat(sentences)
                .hasSize(6)
                .allSatisfy(sentence -> assertThat(sentence)
                        .contains("The keyring pins no bucket", "wait until the operator binds", "run tokenizer bind"));
    }

    @Test
    void noCommandStartsWhenTheKeyringPinsAnotherBucketThanTheSettings() throws Exception {
        rotate();
        Path settings = folder.resolve("settings.json");
        Files.writeString(
                settings, Files.readString(settings).replace("127.0.0.1:" + storePort(), "127.0.0.2:" + storePort()));
        for (String command : List.of("serve", "rewrap", "sweep")) {
            assertThat(failure(command))
                    .as(command)
                    .contains(
                            "The keyring belongs to the bucket",
                            "but the settings name the bucket",
                            "127.0.0.1",
                            "127.0.0.2",
                            "write the former into spec.storage");
        }
    }

    @Test
    void rewrapAndSweepChangeNothingInABucketThatIsNotTheVaults() throws Exception {
        new Api(vault.url()).store(vault.issuer.jwt("user", "session-1"), new byte[1]);
        rotate();
        try (S3Connection connection = vault.store.connection()) {
            Bucket bucket = Bucket.of(connection);
            BucketListing.Listed record =
                    bucket.listing().objects("records/1/", "").getFirst();
            bucket.put(record.key().replace("records/1/", "erased/"), new byte[0], "text/plain");
            bucket.put("vault/" + "0".repeat(32), new byte[1], "text/plain");
            for (String command : List.of("rewrap", "sweep")) {
                assertThat(failure(command))
                        .as(command)
                        .contains("The bucket", "identity of this vault", "0".repeat(32));
                assertThat(bucket.listing().objects("records/", "")).containsExactly(record);
            }
        }
    }

    @Test
    void aCertificateThatIsNotThereIsNamed() throws Exception {
        environment.put("TOKENIZER_TLS", folder.toString());
        assertThat(failure()).contains(folder.resolve("tls.crt") + " can't be read");
        Files.writeString(folder.resolve("tls.crt"), new TestAuthority("shop").pem());
        Files.writeString(folder.resolve("tls.key"), "a-secret-that-is-no-key");
        assertThat(failure()).contains("tls.key holds no private key").doesNotContain("a-secret");
    }

    @Test
    void anAuthorityThatIsNoneIsNamed() throws Exception {
        for (String name : List.of("TOKENIZER_TRUSTED_CA", "TOKENIZER_REDIS_CA")) {
            Path none = Files.writeString(folder.resolve(name), "none");
            environment.put(name, none.toString());
            assertThat(failure()).contains("The file " + none + " holds no certificate");
            environment.remove(name);
        }
    }

    @Test
    void applicationsNeedACluster() throws Exception {
        Path settings = folder.resolve("settings.json");
        Files.writeString(
                settings,
                Files.readString(settings)
                        .replace(
                                "\"applications\" : [ ]",
                                "\"applications\":[{\"namespace\":\"shop\","
                                        + "\"name\":\"backend\",\"actions\":[\"GRANT\"]}]"));
        assertThat(failure()).contains("TOKENIZER_CLUSTER_ACCOUNT");
    }

    @Test
    void aUrlOfRedisThatIsNoneIsNotRepeated() throws Exception {
        environment.put(
                "TOKENIZER_REDIS_URL",
                Files.writeString(folder.resolve("bad-url"), "http://:pass-word@host")
                        .toString());
        assertThat(failure()).contains("redis://").doesNotContain("pass-word");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        for (String name : List.of("TOKENIZER_PORT", "TOKENIZER_MANAGEMENT_PORT")) {
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
                String before = environment.put(name, Integer.toString(taken.getLocalPort()));
                assertThat(failure()).as(name).contains("in use");
                environment.put(name, String.valueOf(before));
            }
        }
    }

    @Test
    void anAgentStandsBeforeTheTokenizerAndEndsInOrder() throws Exception {
        environment.put("TOKENIZER_URL", vault.url().toString());
        environment.put(
                "TOKENIZER_TOKEN_FILE",
                Files.writeString(folder.resolve("token"), vault.issuer.jwt("application", ""))
                        .toString());
        environment.put("TOKENIZER_MANAGEMENT_ADDRESS", "127.0.0.1");
        Process process = run("agent");
        Api management = new Api(url("TOKENIZER_MANAGEMENT_PORT"));
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() ->
                        management.send(management.request("/readyz").GET()).status() == 200);
        Api api = new Api(url("TOKENIZER_PORT"));
        assertThat(api.send(api.request("/tokenize")
                                .header("content-type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{}")))
                        .status())
                .isEqualTo(200);
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(folder.resolve("termination")).doesNotExist();
    }

    @Test
    void anAgentSaysWhyItDoesNotStart() throws Exception {
        assertThat(failure("agent")).contains("TOKENIZER_URL");
    }

    @Test
    void aRewrapThatIsStoppedIsNotDoneAndTheNextOneIs() throws Exception {
        Api api = new Api(vault.url());
        String jwt = vault.issuer.jwt("user", "session-1");
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 30; i++) tokens.add(api.store(jwt, new byte[] {(byte) i}));
        rotate();
        environment.put("TOKENIZER_KEYRING_EXPECTED", "primary=2 shares=1,2");
        environment.put("TOKENIZER_REWRAP_RATE", "1");
        try (S3Connection connection = vault.store.connection()) {
            Bucket bucket = Bucket.of(connection);
            Process slow = run("rewrap");
            await().atMost(SOON)
                    .until(() -> !bucket.listing().objects("records/2/", "").isEmpty());
            slow.destroy();
            assertThat(slow.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(slow.exitValue()).as("a Job would take 0 for done").isEqualTo(128 + 15);
            assertThat(bucket.listing().objects("records/1/", "")).isNotEmpty();

            environment.remove("TOKENIZER_REWRAP_RATE");
            Process process = run("rewrap");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            String output = Files.readString(folder.resolve("output"));
            assertThat(process.exitValue()).as(output).isZero();
            assertThat(output)
                    .containsPattern("rewrapped share=1 worker=0 workers=1 moved=[0-9]+ quarantined=0 seconds=");
            assertThat(output.lines()).hasSize(1);
            assertThat(bucket.listing().objects("records/1/", "")).isEmpty();
            assertThat(bucket.listing().objects("records/2/", "")).hasSize(30);
        }
        assertThat(folder.resolve("termination")).doesNotExist();

        run("serve");
        Api moved = new Api(url("TOKENIZER_PORT"));
        Api management = new Api(url("TOKENIZER_MANAGEMENT_PORT"));
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() ->
                        management.send(management.request("/readyz").GET()).status() == 200);
        for (int i = 0; i < 30; i++) {
            JsonNode read =
                    moved.post("/detokenize", jwt, Api.of(tokens.get(i))).data();
            assertThat(moved.download(read).body()).containsExactly(i);
        }
    }

    @Test
    void aRewrapSaysWhyItDoesNotBegin() throws Exception {
        environment.remove("TOKENIZER_REDIS_URL");
        rotate();
        environment.put("TOKENIZER_KEYRING_EXPECTED", "primary=3 shares=1,2,3");
        assertThat(failure("rewrap")).contains("not yet the announced");
        environment.remove("TOKENIZER_KEYRING_EXPECTED");
        environment.put("TOKENIZER_REWRAP_SHARE", "2");
        assertThat(failure("rewrap")).contains("is 2, which is the primary share");
        environment.remove("JOB_COMPLETION_INDEX");
        assertThat(failure("rewrap")).contains("JOB_COMPLETION_INDEX is not set");
    }

    @Test
    void aSweepEndsWithALineOfWhatItDid() throws Exception {
        environment.put("TOKENIZER_KEYRING_EXPECTED", "primary=2 shares=1,2");
        assertThat(failure("sweep")).contains("not yet the announced");
        environment.remove("TOKENIZER_KEYRING_EXPECTED");
        Files.delete(folder.resolve("termination"));
        environment.remove("TOKENIZER_REDIS_URL");
        Api api = new Api(vault.url());
        String application = vault.issuer.jwt("application", "");
        JsonNode stored = api.post("/tokenize", application, "{}").data();
        api.post("/token/erase", application, Api.of(stored.get("tokenId").textValue()));
        // The URL holds for a minute, whatever becomes of the token.
        assertThat(api.upload(stored, new byte[1]).status()).isEqualTo(200);
        try (S3Connection connection = vault.store.connection()) {
            assertThat(Bucket.of(connection).listing().objects("objects/", "")).hasSize(1);
            putExpired(Bucket.of(connection));
            Process process = run("sweep");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            String output = Files.readString(folder.resolve("output"));
            assertThat(process.exitValue()).as(output).isZero();
            assertThat(output.lines())
                    .singleElement()
                    .asString()
                    .contains("swept expired=1 markers=2 records=1 objects=2 uploads=0 withoutValue=0 seconds=");
            for (String left : List.of("objects/", "records/", "expires/")) {
                assertThat(Bucket.of(connection).listing().objects(left, ""))
                        .as(left)
                        .isEmpty();
            }
        }
        assertThat(folder.resolve("termination")).hasContent("tokensWithoutValue=0");
    }

    /** The record of a token that expired some time ago. */
    private void putExpired(Bucket bucket) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        for (String file : List.of("lookup", "share-1", "primary")) {
            files.put(file, Files.readAllBytes(folder.resolve("keyring").resolve(file)));
        }
        Keyring keyring = Keyring.of(files);
        Token token = Token.random();
        Payload payload = Payload.withNewKey(new byte[0], OptionalLong.empty(), "");
        Instant expired = Instant.parse("2026-01-02T03:04:05Z");
        new S3Records(bucket, keyring)
                .put(new RecordCipher(keyring).seal(token, payload, Instant.EPOCH, expired), keyring.objectName(token));
    }

    @Test
    void bindSweepsARestoredBucketAndPutsItsIdentity() throws Exception {
        environment.remove("TOKENIZER_REDIS_URL");
        assertThat(failure("bind")).contains("The keyring still has the key location", "remove it from the Secret");
        Files.delete(folder.resolve("termination"));
        Files.delete(folder.resolve("keyring/location"));
        Api api = new Api(vault.url());
        String application = vault.issuer.jwt("application", "");
        for (int i = 0; i < 2; i++) api.store(application, new byte[1]);
        String erased = api.store(application, new byte[1]);
        try (S3Connection connection = vault.store.connection()) {
            Bucket bucket = Bucket.of(connection);
            Map<String, byte[]> copy = new HashMap<>();
            for (BucketListing.Listed record : bucket.listing().objects("records/1/", "")) {
                copy.put(record.key(), bucket.get(record.key()).orElseThrow());
            }
            api.post("/token/erase", application, Api.of(erased));
            copy.forEach((key, record) -> bucket.put(key, record, "application/json"));
            bucket.delete(bucket.listing().objects("vault/", "").getFirst().key());

            Process process = run("bind");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            String output = Files.readString(folder.resolve("output"));
            assertThat(process.exitValue()).as(output).isZero();
            assertThat(output).contains("bound opened=3 of=3 markers=1 erased=1");
            assertThat(bucket.listing().objects("records/1/", "")).hasSize(2);
            assertThat(bucket.listing().objects("vault/", "")).hasSize(1);
        }
    }

    /** As the Secret is when the new share is the primary one. */
    private void rotate() throws IOException {
        Files.write(folder.resolve("keyring/share-2"), new byte[32]);
        Files.writeString(folder.resolve("keyring/primary"), "2");
        environment.putAll(
                Map.of("TOKENIZER_REWRAP_SHARE", "1", "TOKENIZER_REWRAP_WORKERS", "1", "JOB_COMPLETION_INDEX", "0"));
    }

    @Test
    void anUnknownCommandIsAnsweredWithTheKnownOnes() throws Exception {
        Process process = run("help");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(Files.readString(folder.resolve("output")))
                .contains("usage: tokenizer serve | agent | rewrap | sweep | bind");
    }

    /** Its last words, which are also all that a person needs of its log. */
    private String failure() throws Exception {
        return failure("serve");
    }

    private String failure(String command) throws Exception {
        Files.deleteIfExists(folder.resolve("termination"));
        Process process = run(command);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        String sentence = Files.readString(folder.resolve("termination"));
        assertThat(sentence).endsWith(".").doesNotContain("Exception", "\n");
        assertThat(Files.readString(folder.resolve("output"))).contains(sentence);
        return sentence;
    }

    private Process run(String command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        // The processes end before the second compiler of the JVM could be of use.
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().putAll(environment);
        Process started = builder.start();
        process = started;
        return started;
    }

    private static CompletableFuture<Integer> readLater(Socket socket) {
        CompletableFuture<Integer> read = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                read.complete(socket.getInputStream().read());
            } catch (IOException e) {
                read.completeExceptionally(e);
            }
        });
        return read;
    }

    private static boolean lives(Api management) {
        return management.send(management.request("/livez").GET()).status() == 200;
    }

    private int storePort() {
        return vault.store.endpoint().getPort();
    }

    private URI url(String port) {
        return URI.create("http://127.0.0.1:" + environment.get(port));
    }

    private int port(String name) {
        return Integer.parseInt(environment.get(name));
    }
}
