package dev.lunasec.tokenizer.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.lunasec.contract.AgentEnvironment;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.contract.TokenizerSettings.Application;
import dev.lunasec.testbed.EverythingLogged;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.testbed.KubeletVolume;
import dev.lunasec.testbed.TestAuthority;
import dev.lunasec.testbed.TestAuthority.Issued;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestCluster;
import dev.lunasec.tokenizer.testing.TestVault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that speaks plain HTTP without a token, and an agent between it and a real tokenizer with TLS. */
@Tag("embedded")
class AgentTest {
    private static final byte[] SECRET = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Set<Action> USUAL_ACTIONS =
            Set.of(Action.TOKENIZE, Action.DETOKENIZE, Action.GRANT, Action.VERIFY, Action.METADATA);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    Path folder;

    private final TestAuthority authority = new TestAuthority("internal");
    private TestCluster cluster;
    private TestVault vault;
    private KubeletVolume tls;
    private KubeletVolume token;
    private KubeletVolume trusted;
    private Agent agent;
    private int port;
    private Api api;
    private Api management;

    @BeforeEach
    void start() throws IOException {
        cluster = new TestCluster(folder.resolve("account"));
        tls = new KubeletVolume(folder.resolve("tls"));
        show(authority.issue());
        vault = TestVault.in(folder)
                .simpleApi()
                .applications(
                        cluster.cluster(),
                        List.of(new Application("shop", "backend", EnumSet.allOf(Action.class), JwtIssuer.ISSUER)))
                .tls(tls.folder())
                .checksOften()
                .start();
        token = new KubeletVolume(folder.resolve("token")).write(Map.of("token", cluster.token("shop", "backend")));
        trusted = new KubeletVolume(folder.resolve("trusted")).write(Map.of("ca.crt", authority.pem()));
        begin(vault.url(), trusted.file("ca.crt"), USUAL_ACTIONS);
    }

    private void begin(URI tokenizer, @Nullable Path ca) throws IOException {
        begin(tokenizer, ca, USUAL_ACTIONS);
    }

    private void begin(URI tokenizer, @Nullable Path ca, Set<Action> actions) throws IOException {
        agent = Agent.create(
                new AgentEnvironment(tokenizer, token.file("token"), ca, actions, LOOPBACK, 0, LOOPBACK, 0),
                TestVault.SHORT);
        agent.start();
        port = agent.port();
        api = new Api(URI.create("http://127.0.0.1:" + port));
        management = new Api(URI.create("http://127.0.0.1:" + agent.managementPort()));
    }

    @AfterEach
    void stop() {
        agent.close();
        vault.close();
        cluster.close();
    }

    @Test
    void anApplicationWithoutATokenStoresAndReads() {
        Answer stored = post("/tokenize", "{\"metadata\":{\"n\":1}}");
        assertThat(stored.status()).as(stored.text()).isEqualTo(200);
        assertThat(api.upload(stored.data(), SECRET).status()).isEqualTo(200);
        Answer read = post("/detokenize", Api.of(stored.data().get("tokenId").textValue()));
        assertThat(api.download(read.data()).body()).isEqualTo(SECRET);
        assertThat(read.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(read.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(read.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(read.headers().firstValue("server")).isEmpty();
        String lock = read.headers().firstValue("lunasec-session-hash").orElseThrow();
        assertThat(locked(lock).headers().firstValue("lunasec-session-hash")).isEmpty();
        assertThat(locked("0".repeat(40)).error()).isEqualTo("sessionMismatch");
        assertThat(management.send(management.request("/metrics").GET()).text())
                .contains(
                        "tokenizer_agent_requests_seconds_count{status=\"200\"}",
                        "tokenizer_agent_requests_active 0.0",
                        "tokenizer_agent_requests_limit 128.0");
    }

    @Test
    void whatTheTokenizerRefusesIsRefusedInItsWords() {
        Answer notFound = post("/nowhere?x=1", "{}");
        assertThat(notFound.status()).isEqualTo(404);
        assertThat(notFound.error()).isEqualTo("noSuchRoute");
        Answer get = api.send(api.request("/tokenize").GET());
        assertThat(get.status()).isEqualTo(405);
        assertThat(get.headers().firstValue("allow")).hasValue("POST");
        assertThat(api.send(api.request("/tokenize").POST(BodyPublishers.ofString("{}")))
                        .error())
                .isEqualTo("unsupportedMediaType");
        assertThat(api.send(api.request("/health").GET()).status()).isEqualTo(200);
    }

    @Test
    void credentialsOfTheApplicationsOwnAreLeftAsTheyAre() {
        String user = vault.issuer.jwt("user", "session-1");
        String stored = api.post("/tokenize", user, "{}").data().get("tokenId").textValue();
        assertThat(api.post("/metadata/get", user, Api.of(stored)).status()).isEqualTo(200);
        assertThat(post("/metadata/get", Api.of(stored)).error()).isEqualTo("noGrant");
        assertThat(api.post("/tokenize", "nonsense", "{}").error()).isEqualTo("unauthenticated");
    }

    @Test
    void theTokenIsTheOneThatTheFileHoldsNow() {
        token.write(Map.of("token", cluster.token("shop", "stranger")));
        assertThat(post("/tokenize", "{}").status()).isEqualTo(401);
        token.write(Map.of("token", cluster.token("shop", "backend") + "\n"));
        assertThat(post("/tokenize", "{}").status()).isEqualTo(200);
    }

    @Test
    void aTokenThatIsNoneIsNotSentAndNotRepeated() {
        try (EverythingLogged logged = new EverythingLogged()) {
            token.write(Map.of("token", "a-secret\r\nx: y"));
            Answer answer = post("/tokenize", "{}");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.error()).isEqualTo("tokenizerUnavailable");
            assertThat(answer.text()).doesNotContain("a-secret", "Exception");
            token.write(Map.of());
            assertThat(post("/tokenize", "{}").status()).isEqualTo(503);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(ready().json()
                                    .at("/dependencies/token/reason")
                                    .textValue())
                            .isEqualTo("TokenUnreadable"));
            String good = cluster.token("shop", "backend");
            token.write(Map.of("token", good));
            assertThat(post("/tokenize", "{}").status()).isEqualTo(200);
            await().atMost(SOON).until(() -> ready().status() == 200);
            assertThat(logged.text())
                    .contains("TokenUnreadable")
                    .doesNotContain("a-secret", good, good.substring(good.lastIndexOf('.') + 1));
        }
    }

    @Test
    void aBodyThatIsTooLargeGoesNowhere() {
        String body = "{\"x\":\"" + "y".repeat(64 << 10) + "\"}";
        Answer answer = post("/tokenize", body);
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.error()).isEqualTo("tooLarge");
        assertThat(post("/tokenize", "{\"x\":\"" + "y".repeat(60 << 10) + "\"}").status())
                .isEqualTo(200);
    }

    @Test
    void aTokenizerThatIsAwayIsA503AndItsReturnIsNoticed() {
        await().atMost(SOON).until(() -> ready().status() == 200);
        vault.close();
        Answer answer = post("/tokenize", "{}");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.error()).isEqualTo("tokenizerUnavailable");
        assertThat(answer.headers().firstValue("retry-after")).isPresent();
        assertThat(answer.json().get("success").booleanValue()).isFalse();
        await().atMost(SOON).until(() -> ready().status() == 503);
        assertThat(ready().json().at("/dependencies/tokenizer/reason").textValue())
                .isEqualTo("TokenizerUnreachable");
        assertThat(ready().json().at("/dependencies/token/ok").booleanValue()).isTrue();
        assertThat(management.send(management.request("/livez").GET()).status()).isEqualTo(200);
    }

    @Test
    void onlyTheGivenAuthorityIsBelievedAndItMayBeRenewed() throws IOException {
        assertThat(post("/tokenize", "{}").status()).isEqualTo(200);
        TestAuthority next = new TestAuthority("next");
        show(next.issue());
        await().atMost(SOON).ignoreExceptions().until(() -> {
            Api direct = new Api(vault.url(), next.client());
            return direct.send(direct.request("/health").GET()).status() == 200;
        });
        // Connections that are open go on, so one that has none.
        agent.close();
        begin(vault.url(), trusted.file("ca.crt"));
        assertThat(post("/tokenize", "{}").error()).isEqualTo("tokenizerUnavailable");
        trusted.write(Map.of("ca.crt", next.pem()));
        await().atMost(SOON).until(() -> post("/tokenize", "{}").status() == 200);

        agent.close();
        begin(vault.url(), null);
        assertThat(post("/tokenize", "{}").error()).isEqualTo("tokenizerUnavailable");
        Path none = Files.writeString(folder.resolve("none.crt"), "none");
        assertThatThrownBy(() -> begin(vault.url(), none))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("none.crt holds no certificate");
    }

    @Test
    void whatTheAgentDoesNotAllowReachesNoTokenizer() throws Exception {
        String stored = post("/tokenize", "{}").data().get("tokenId").textValue();
        for (String path : List.of("/token/erase", "//token/erase", "/token//rekey", "/token/rekey?x=1")) {
            Answer answer = post(path, Api.of(stored));
            assertThat(answer.status()).as(path).isEqualTo(403);
            assertThat(answer.json().at("/error/message").textValue()).contains("TOKENIZER_ACTIONS");
        }
        for (String path :
                List.of("/token/erase/", "/token/erase;x=1", "/token%2ferase", "/token/%65rase", "/a/../token/erase")) {
            assertThat(post(path, Api.of(stored)).status()).as(path).isBetween(400, 404);
        }
        assertThat(post("//metadata/get", Api.of(stored)).status()).isEqualTo(200);
        assertThat(post("/grant/revoke", Api.of(stored)).status()).isEqualTo(200);
        assertThat(post("/metadata/get", Api.of(stored)).error()).isEqualTo("noGrant");

        agent.close();
        begin(vault.url(), trusted.file("ca.crt"), EnumSet.of(Action.ERASE));
        assertThat(post("/metadata/get", Api.of(stored)).error()).isEqualTo("notAllowed");
        assertThat(post("/token/erase", Api.of(stored)).status()).isEqualTo(200);
    }

    /** A program that has a code can redeem it without the agent. */
    @Test
    void aCodeNeedsAllThatAFrameCouldDoWithItAndNoFrameCallsTheAgent() throws Exception {
        String body = "{\"sessionId\":\"session-1\",\"nonce\":\"00112233445566778899aabbccddeeff\","
                + "\"action\":\"tokenize\"}";
        assertThat(post("/session/code", body).status()).isEqualTo(200);
        assertThat(post("/session/redeem", "{}").error()).isEqualTo("noSuchRoute");
        for (Action needed : List.of(Action.GRANT, Action.TOKENIZE, Action.DETOKENIZE, Action.METADATA)) {
            agent.close();
            begin(vault.url(), trusted.file("ca.crt"), EnumSet.complementOf(EnumSet.of(needed)));
            assertThat(post("/session/code", body).error()).as("%s", needed).isEqualTo("notAllowed");
        }
    }

    /** It would add credentials for nothing, and the audit log would name no caller. */
    @Test
    void theAgentDoesNotForwardTheSimpleApi() {
        assertThat(post("/.lunasec/tokenize", "{}").error()).isEqualTo("noSuchRoute");
        assertThat(post("//.lunasec/detokenize", Api.of(Api.unknownToken())).error())
                .isEqualTo("noSuchRoute");
    }

    @Test
    void whatIsNoPathOfTheTokenizerIsNotHandedOn() throws Exception {
        for (String line : List.of(
                "OPTIONS * HTTP/1.1",
                "CONNECT 127.0.0.1:1 HTTP/1.1",
                "GET /a|b HTTP/1.1",
                "POST @127.0.0.1:1/ HTTP/1.1")) {
            try (Socket socket = new Socket(LOOPBACK, agent.port())) {
                refused(socket, line, "HTTP/1.1 4");
            }
        }
    }

    /**
     * Sends a head on a connection that may stay open, and reads the head of the answer and the beginning of its body.
     */
    private static void refused(Socket socket, String line, String status) throws IOException {
        socket.setSoTimeout((int) SOON.toMillis());
        socket.getOutputStream()
                .write((line + "\r\nhost: x\r\ncontent-length: 0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        BufferedReader answer =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        assertThat(answer.readLine()).as(line).startsWith(status);
        while (!answer.readLine().isEmpty()) {}
        char[] body = new char[16];
        assertThat(answer.read(body)).isPositive();
        assertThat(new String(body)).isEqualTo("{\"success\":false");
    }

    /** A tokenizer that shows what reaches it, answers too much, and answers late. */
    @Test
    void onlyWhatMattersIsHandedOnAndBack() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        CountDownLatch late = new CountDownLatch(1);
        HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.createContext("/prefix/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String request = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().keySet().stream().sorted().toList() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            // The agent itself asks for this path, at any time.
            if (!path.equals("/prefix/health")) seen.add(request);
            if (path.endsWith("/metadata/get")) awaitQuietly(late);
            exchange.getResponseHeaders().set("x-internal", "1");
            exchange.getResponseHeaders().set("set-cookie", "a=b");
            byte[] body = new byte[path.endsWith("/detokenize") ? (1 << 20) + 1 : 1 << 20];
            exchange.sendResponseHeaders(201, body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        try {
            agent.close();
            begin(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/prefix/"), null);
            Answer answer = api.send(api.request("/tokenize?a=b%20c")
                    .header("content-type", "application/json")
                    .header("cookie", "access_token=1")
                    .header("x-forwarded-for", "192.0.2.1")
                    .method("PUT", BodyPublishers.ofString("{}")));
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.body()).hasSize(1 << 20);
            assertThat(answer.headers().map()).doesNotContainKeys("x-internal", "set-cookie");
            assertThat(seen.getLast())
                    .startsWith("PUT /prefix/tokenize?a=b%20c [Authorization, ")
                    .doesNotContain("Cookie", "forwarded")
                    .contains("Content-type")
                    .endsWith(" {}");
            assertThat(post("/detokenize", "{}").error()).isEqualTo("tokenizerUnavailable");
            int calls = seen.size();
            assertThat(post("/tokenize", "x".repeat((64 << 10) + 1)).error()).isEqualTo("tooLarge");
            try (Socket socket = new Socket(LOOPBACK, agent.port())) {
                refused(socket, "OPTIONS * HTTP/1.1", "HTTP/1.1 400");
            }
            assertThat(seen).hasSize(calls);
            assertThat(post("/tokenize", "x".repeat(64 << 10)).status()).isEqualTo(201);

            Thread closing;
            // A stop lets what is in flight end, and takes nothing more, also where a connection is open.
            CompletableFuture<Answer> inFlight = CompletableFuture.supplyAsync(() -> post("/metadata/get", "{}"));
            await().atMost(SOON).until(() -> seen.getLast().contains("/metadata/get"));
            try (Socket open = new Socket(LOOPBACK, agent.port())) {
                refused(open, "OPTIONS * HTTP/1.1", "HTTP/1.1 400");
                closing = Thread.startVirtualThread(agent::close);
                // The agent closes a connection that was silent for a second.
                soon().until(() -> ready().status() == 503);
                soon().until(() -> !listens());
                refused(open, "GET /health HTTP/1.1", "HTTP/1.1 503");
            }
            late.countDown();
            assertThat(inFlight.get(60, TimeUnit.SECONDS).status()).isEqualTo(201);
            closing.join();
        } finally {
            late.countDown();
            server.stop(0);
        }
    }

    @Test
    void whatWasSurelyNotLookedAtIsSentAgainAndNothingElse() throws Exception {
        Deque<Integer> statuses = new ConcurrentLinkedDeque<>();
        AtomicInteger calls = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.createContext("/tokenize", exchange -> {
            calls.incrementAndGet();
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                int status = Objects.requireNonNullElse(statuses.poll(), 200);
                // It hangs up without a word.
                if (status == 0) return;
                String name = switch (status) {
                    case 429 -> "tooManyRequests";
                    case 503 -> "stopping";
                    default -> "grantsUnavailable";
                };
                byte[] body = ("{\"error\":{\"name\":\"" + name + "\"}}").getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("retry-after", "0");
                exchange.sendResponseHeaders(status == 504 ? 503 : status, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        try {
            agent.close();
            begin(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), null);
            for (List<Integer> first : List.of(List.of(429, 503), List.of(0), List.of(503, 0))) {
                calls.set(0);
                statuses.addAll(first);
                assertThat(post("/tokenize", "{}").status()).as("%s", first).isEqualTo(200);
                assertThat(calls).hasValue(first.size() + 1);
            }
            calls.set(0);
            statuses.addAll(List.of(429, 429, 429));
            assertThat(post("/tokenize", "{}").status()).isEqualTo(429);
            assertThat(calls).as("not for ever").hasValue(3);
            calls.set(0);
            statuses.add(504);
            assertThat(post("/tokenize", "{}").error()).isEqualTo("grantsUnavailable");
            assertThat(calls).as("it was looked at").hasValue(1);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aCallThatWouldTakeEffectTwiceIsNotSentAgain() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.createContext("/", exchange -> {
            if (exchange.getRequestMethod().equals("POST")) calls.incrementAndGet();
            // It hangs up without a word.
            exchange.close();
        });
        server.start();
        try {
            agent.close();
            begin(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), null, EnumSet.allOf(Action.class));
            for (String path : List.of("/token/rekey", "/grant/set", "/upload/abort")) {
                calls.set(0);
                assertThat(post(path, "{}").error()).isEqualTo("tokenizerUnavailable");
                assertThat(calls).as(path).hasValue(1);
            }
            calls.set(0);
            assertThat(post("/grant/verify", "{}").error()).isEqualTo("tokenizerUnavailable");
            assertThat(calls).hasValue(3);
        } finally {
            server.stop(0);
        }
    }

    /** Asks every ten milliseconds. */
    private static ConditionFactory soon() {
        return await().atMost(SOON).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
    }

    private boolean listens() {
        try (Socket socket = new Socket(LOOPBACK, port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void show(Issued issued) {
        tls.write(Map.of("tls.crt", issued.certificatePem(), "tls.key", issued.pkcs8KeyPem()));
    }

    private Answer post(String path, String body) {
        return api.send(
                api.request(path).header("content-type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    private Answer locked(String lock) {
        return api.send(api.request("/tokenize")
                .header("content-type", "application/json")
                .header("lunasec-session-hash", lock)
                .POST(BodyPublishers.ofString("{}")));
    }

    private Answer ready() {
        return management.send(management.request("/readyz").GET());
    }
}
