package dev.lunasec.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Which requests are sent without the SDK, and that the SDK repeats those that fail. */
@Tag("embedded")
@Timeout(60)
class DirectS3Test {
    private static final String SDK = "sdk ";
    private static final GetObjectRequest GET =
            GetObjectRequest.builder().bucket("vault").key("records/1/a").build();
    private static final PutObjectRequest PUT = PutObjectRequest.builder()
            .bucket("vault")
            .key("records/1/a")
            .contentType("application/json")
            .build();

    private static final Answer HANGS = new Answer(0, "");

    /** The requests that the store got. */
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    private final List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
    private final ScriptedStore store = new ScriptedStore(this::answer);
    private final S3Client s3 = store.connection.s3();

    /** @param announced the length that the store announces */
    private record Answer(int status, String content, int announced) {
        Answer(int status, String content) {
            this(status, content, content.length());
        }
    }

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    void plainRequestsAreSentOnceAndWithoutTheSdk() {
        answers(new Answer(200, "text"), new Answer(200, ""), new Answer(204, ""));
        SmallObject found = SmallObject.get(s3, GET.toBuilder().versionId("v 1").build(), 100);
        assertThat(new String(found.content(), UTF_8)).isEqualTo("text");
        assertThat(found.version()).isEqualTo("version of the answer");
        s3.putObject(PUT, RequestBody.fromString("{}"));
        s3.deleteObject(delete -> delete.bucket("vault").key("records/1/a").versionId("v 1"));
        assertThat(requests)
                .containsExactly(
                        "GET /vault/records/1/a?versionId=v%201 null ",
                        "PUT /vault/records/1/a application/json {}",
                        "DELETE /vault/records/1/a?versionId=v%201 null ");
    }

    @Test
    void anObjectThatDoesNotExistIsOneRequest() {
        answers(new Answer(404, "<Error><Code>NoSuchKey</Code></Error>"));
        assertThatThrownBy(() -> SmallObject.get(s3, GET, 100)).isInstanceOf(NoSuchKeyException.class);
        assertThat(requests).hasSize(1);
    }

    @Test
    void anotherAbsenceIsTheExceptionOfTheSdk() {
        Answer noBucket = new Answer(404, "<Error><Code>NoSuchBucket</Code></Error>");
        answers(noBucket, noBucket);
        assertThatThrownBy(() -> SmallObject.get(s3, GET, 100))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("NoSuchBucket"));
        assertThat(requests).hasSize(2).last().asString().startsWith(SDK);
    }

    @Test
    void theSdkRepeatsWhatFailed() {
        answers(new Answer(503, "<Error><Code>SlowDown</Code></Error>"), new Answer(200, "text"));
        assertThat(SmallObject.get(s3, GET, 100).content()).hasSize(4);
        answers(new Answer(200, "te", 4), new Answer(200, "text"));
        assertThat(SmallObject.get(s3, GET, 100).content()).hasSize(4);
        answers(new Answer(500, ""), new Answer(200, ""));
        s3.putObject(PUT, RequestBody.fromString("{}"));
        answers(new Answer(500, ""), new Answer(204, ""));
        s3.deleteObject(delete -> delete.bucket("vault").key("records/1/a"));
        assertThat(requests).hasSize(8);
        for (int i = 1; i < 8; i += 2) assertThat(requests.get(i)).startsWith(SDK);
    }

    @Test
    void aRefusalIsTheExceptionOfTheSdk() {
        Answer denied = new Answer(403, "<Error><Code>AccessDenied</Code></Error>");
        answers(denied, denied);
        assertThatThrownBy(() -> s3.putObject(PUT, RequestBody.fromString("{}")))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDenied"));
        answers(denied, denied);
        assertThatThrownBy(
                        () -> s3.deleteObject(delete -> delete.bucket("vault").key("a")))
                .isInstanceOf(S3Exception.class);
        assertThat(requests).hasSize(4);
    }

    @Test
    void anEmptyNameIsNoRequestForTheBucket() {
        assertThatThrownBy(
                        () -> s3.deleteObject(delete -> delete.bucket("vault").key("")))
                .isInstanceOf(SdkClientException.class);
        assertThatThrownBy(() -> SmallObject.get(s3, GET.toBuilder().key("").build(), 100))
                .isInstanceOf(SdkClientException.class);
        assertThat(requests).isEmpty();
    }

    /** An attempt may take half the time of a call. So after the first one, the SDK has the time for one. */
    @Test
    void theSdkGetsTheTimeThatIsLeft() {
        answers(HANGS, HANGS, HANGS);
        assertThatThrownBy(() -> SmallObject.get(s3, GET, 100)).isInstanceOf(ApiCallTimeoutException.class);
        assertThat(requests).hasSize(2);
    }

    @Test
    void aReaderThatKeepsTheStreamGetsItFromTheSdk() throws IOException {
        answers(new Answer(200, "text"));
        try (InputStream content = s3.getObject(GET)) {
            assertThat(content.readAllBytes()).hasSize(4);
        }
        assertThat(requests).singleElement().asString().startsWith(SDK);
    }

    @Test
    void otherRequestsGoThroughTheSdk() {
        Answer found = new Answer(200, "text");
        answers(found, found, found, found, new Answer(204, ""));
        SmallObject.get(s3, GET.toBuilder().sseCustomerAlgorithm("AES256").build(), 100);
        SmallObject.get(s3, GET.toBuilder().bucket("another").build(), 100);
        SmallObject.get(s3, GET.toBuilder().range("bytes=0-1").build(), 100);
        s3.putObject(PUT, RequestBody.fromBytes(new byte[(64 << 10) + 1]));
        s3.deleteObject(delete -> delete.bucket("vault").key("a").mfa("1"));
        assertThat(requests)
                .hasSize(5)
                .allSatisfy(request -> assertThat(request).startsWith(SDK));
    }

    private void answers(Answer... next) {
        answers.addAll(List.of(next));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String content = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        @Nullable String type = exchange.getRequestHeaders().getFirst("content-type");
        String who = exchange.getRequestHeaders().containsKey("amz-sdk-invocation-id") ? SDK : "";
        requests.add(who + exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + type + " " + content);
        Answer answer = answers.removeFirst();
        // The connection stays open without an answer.
        if (answer.equals(HANGS)) return;
        exchange.getResponseHeaders().add("x-amz-version-id", "version of the answer");
        byte[] bytes = answer.content.getBytes(UTF_8);
        exchange.sendResponseHeaders(answer.status, answer.announced == 0 ? -1 : answer.announced);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            // A content that is shorter than announced cannot be closed without an error.
        }
    }
}
