package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** How bodies end and answers are sent, on the wire. */
@Tag("embedded")
@Timeout(60)
class LengthsTest {
    /** The largest body of a single call. */
    private static final int LARGEST = 64 << 10;

    @TempDir
    static Path folder;

    private static TestVault vault;
    private static Api api;
    private static String user;

    @BeforeAll
    static void start() {
        vault = new TestVault(folder);
        api = new Api(vault.url());
        user = vault.issuer.jwt("user", "session-1");
    }

    @AfterAll
    static void stop() {
        vault.close();
    }

    @Test
    void everyAnswerHasItsLengthAndNoneIsCompressed() {
        String metadata = "{\"metadata\":{\"x\":\"" + "y".repeat(15_000) + "\"}}";
        String token =
                api.post("/tokenize", user, metadata).data().get("tokenId").textValue();
        List<HttpRequest.Builder> requests = List.of(
                json("/metadata/get", BodyPublishers.ofString(Api.of(token))),
                json("/detokenize", BodyPublishers.ofString(Api.of(Api.unknownToken()))),
                json("/detokenize", BodyPublishers.ofString("{")),
                api.request("/detokenize").POST(BodyPublishers.ofString("{}")),
                json("/nowhere", BodyPublishers.ofString("{}")),
                api.request("/tokenize").GET(),
                api.request("/health").GET(),
                api.request("/openapi.json").GET());
        for (HttpRequest.Builder request : requests) {
            Answer answer = api.send(request.header("accept-encoding", "gzip"));
            assertThat(answer.headers().firstValueAsLong("content-length"))
                    .as("%d %s", answer.status(), answer.text())
                    .hasValue(answer.body().length);
            assertThat(answer.headers().map()).doesNotContainKeys("content-encoding", "transfer-encoding");
        }
    }

    @Test
    void aRefusalOfAPathOrAMethodIsOneAnswer() throws IOException {
        String end = " HTTP/1.1\r\nhost: x\r\n\r\n";
        List<String> answers =
                answers("GET /nowhere" + end + "GET /tokenize" + end + "HEAD /tokenize" + end + "GET /health" + end);
        assertThat(answers).hasSize(4);
        assertThat(answers.get(0)).startsWith("HTTP/1.1 404").contains("\"name\":\"noSuchRoute\"");
        assertThat(answers.get(1)).startsWith("HTTP/1.1 405").contains("\"name\":\"methodNotAllowed\"");
        assertThat(answers.get(2)).startsWith("HTTP/1.1 405").endsWith("\r\n\r\n");
        assertThat(answers.get(3)).startsWith("HTTP/1.1 200").endsWith("\"data\":{}}");
    }

    @Test
    void aBodyMayBeAsLargeAsTheLimitWithAndWithoutALength() {
        for (int length : new int[] {LARGEST - 1, LARGEST}) {
            assertThat(api.send(json("/tokenize", ofLength(length))).status()).isEqualTo(200);
            assertThat(api.send(json("/tokenize", chunked(length))).status()).isEqualTo(200);
        }
        for (int length : new int[] {LARGEST + 1, 10 * LARGEST}) {
            refused(api.send(json("/tokenize", ofLength(length))), 413, "tooLarge");
            refused(api.send(json("/tokenize", chunked(length))), 413, "tooLarge");
        }
    }

    @Test
    void aRequestWithoutABodyIsABadOne() throws IOException {
        assertThat(answers(head("")))
                .singleElement()
                .asString()
                .startsWith("HTTP/1.1 400")
                .contains("\"name\":\"badRequest\"");
        refused(api.send(json("/tokenize", BodyPublishers.noBody())), 400, "badRequest");
    }

    @Test
    void aBodyThatIsShorterThanAnnouncedIsABadRequest() throws IOException {
        for (String body : List.of(head("content-length: 3") + "{}", head("transfer-encoding: chunked") + "9\r\n{}")) {
            assertThat(answers(body))
                    .singleElement()
                    .asString()
                    .startsWith("HTTP/1.1 400")
                    .contains("The body was cut off");
        }
    }

    @Test
    void whatFollowsTheAnnouncedLengthIsTheNextRequest() throws IOException {
        String one = head("content-length: 2") + "{}";
        List<String> answers = answers(one + one + "GET /health HTTP/1.1\r\nhost: x\r\n\r\n");
        assertThat(answers).hasSize(3);
        assertThat(answers.get(0)).startsWith("HTTP/1.1 200").contains("\"tokenId\":");
        assertThat(answers.get(1)).startsWith("HTTP/1.1 200").contains("\"tokenId\":");
        assertThat(answers.get(2)).startsWith("HTTP/1.1 200").endsWith("\"data\":{}}");
    }

    /** A client must not send its next request on a connection that the server closes. */
    @Test
    void aRefusalThatLeavesTheBodyUnreadSaysThatTheConnectionEnds() throws IOException {
        String strangers = head("content-length: 100").replace("authorization: ", "x-none: ") + "{";
        assertThat(answers(strangers))
                .singleElement()
                .asString()
                .startsWith("HTTP/1.1 401")
                .containsIgnoringCase("\r\nconnection: close\r\n")
                .containsIgnoringCase("\r\ncontent-length: ");
        assertThat(answers(head("content-length: 2") + "{}"))
                .singleElement()
                .asString()
                .startsWith("HTTP/1.1 200")
                .doesNotContainIgnoringCase("connection: close");
    }

    @Test
    void nothingIsSentBeforeTheAuditLogReturns() {
        ListAppender<ILoggingEvent> broken = new ListAppender<>() {
            @Override
            public synchronized void doAppend(ILoggingEvent line) {
                throw new IllegalStateException("no line");
            }
        };
        Logger audit = (Logger) LoggerFactory.getLogger("audit");
        audit.addAppender(broken);
        try {
            refused(api.post("/tokenize", user, "{}"), 500, "internalError");
        } finally {
            audit.detachAppender(broken);
        }
    }

    private static HttpRequest.Builder json(String path, BodyPublisher body) {
        return api.request(path)
                .header("authorization", user)
                .header("content-type", "application/json")
                .POST(body);
    }

    private static BodyPublisher ofLength(int length) {
        return BodyPublishers.ofByteArray(body(length));
    }

    /** Java's client sends a stream in chunks. */
    private static BodyPublisher chunked(int length) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body(length)));
    }

    private static byte[] body(int length) {
        String empty = "{\"x\":\"\"}";
        return new StringBuilder(empty)
                .insert(empty.length() - 2, "y".repeat(length - empty.length()))
                .toString()
                .getBytes(US_ASCII);
    }

    /** The head of a request that makes a token. */
    private static String head(String length) {
        return "POST /tokenize HTTP/1.1\r\nhost: x\r\nauthorization: " + user + "\r\ncontent-type: application/json\r\n"
                + (length.isEmpty() ? "" : length + "\r\n") + "\r\n";
    }

    /** Sends these bytes and no more, and returns the answers until the server closes the connection. */
    private static List<String> answers(String bytes) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), vault.url().getPort())) {
            socket.getOutputStream().write(bytes.getBytes(US_ASCII));
            socket.shutdownOutput();
            String all = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            return List.of(all.split("(?=HTTP/1\\.1 \\d{3})", -1));
        }
    }
}
