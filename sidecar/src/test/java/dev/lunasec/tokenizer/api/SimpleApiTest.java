package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lunasec.testbed.EverythingLogged;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import io.lettuce.core.RedisClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Simple API, with the requests of the original's SimpleTokenizer: no credentials, and no grants. */
@Tag("embedded")
class SimpleApiTest {
    private static final byte[] SECRET = "007-12-3456".getBytes(StandardCharsets.UTF_8);
    private static final String TOKENIZE = "/.lunasec/tokenize";
    private static final String DETOKENIZE = "/.lunasec/detokenize";
    private static final String METADATA = "{\"metadata\":{\"dataType\":\"string\"}}";

    @AutoClose
    private static final TestVault vault = TestVault.inOwnFolder().simpleApi().start();

    private static final Api api = vault.api();
    private static final String user = vault.user();
    private static final String application = vault.application();

    @Test
    void aClientWithoutCredentialsStoresAndReads() {
        Answer stored = call(api, TOKENIZE, METADATA);
        assertThat(stored.status()).as(stored.text()).isEqualTo(200);
        assertThat(stored.headers().firstValue("lunasec-session-hash")).isEmpty();
        assertThat(put(stored.data(), SECRET).status()).isEqualTo(200);
        Answer read = call(api, DETOKENIZE, Api.of(token(stored)));
        assertThat(read.status()).as(read.text()).isEqualTo(200);
        assertThat(api.download(read.data()).body()).isEqualTo(SECRET);
        assertThat(call(api, "/" + DETOKENIZE, "{\"tokenID\":\"" + token(stored) + "\"}")
                        .status())
                .as("the base URL ends in a slash")
                .isEqualTo(200);
    }

    /** The original stored the values of this API without SSE-C. Its client sends whatever headers it gets. */
    @Test
    void theValueIsEncryptedWithAKeyThatTravelsInTheHeaders() {
        Answer stored = call(api, TOKENIZE, METADATA);
        put(stored.data(), SECRET);
        JsonNode download = call(api, DETOKENIZE, Api.of(token(stored))).data();
        assertThat(download.at("/headers/x-amz-server-side-encryption-customer-key")
                        .textValue())
                .isEqualTo(stored.data()
                        .at("/headers/x-amz-server-side-encryption-customer-key")
                        .textValue());
        HttpRequest.Builder withoutKey =
                HttpRequest.newBuilder(URI.create(download.get("downloadUrl").textValue()));
        assertThat(api.send(withoutKey.GET()).status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"tokenId\":null}", "{\"tokenId\":\"\"}"})
    void aMissingTokenHasTheCodeOfTheOriginal(String body) {
        refused(call(api, DETOKENIZE, body), 400, "noTokenId");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lunasec-123", "x", "00112233-4455-6677-8899-aabbccddeeff"})
    void aTextThatIsNoTokenHasTheCodeOfTheOriginal(String token) {
        refused(call(api, DETOKENIZE, Api.of(token)), 400, "badTokenId");
    }

    @Test
    void aTokenOfAnotherCallerIsUnknownToIt() {
        String ofUser = api.store(user, SECRET);
        String ofApplication = api.store(application, SECRET);
        for (String token : List.of(ofUser, ofApplication, Api.unknownToken())) {
            Answer answer = call(api, DETOKENIZE, Api.of(token));
            refused(answer, 404, "unknownToken");
            assertThat(answer.text())
                    .isEqualTo(call(api, DETOKENIZE, Api.of(Api.unknownToken())).text());
        }
        assertThat(api.post("/detokenize", user, Api.of(ofUser)).status()).isEqualTo(200);
    }

    @Test
    void aTokenOfTheSimpleApiIsReadByOtherCallersWithAGrantOnly() {
        Answer stored = call(api, TOKENIZE, METADATA);
        put(stored.data(), SECRET);
        refused(api.post("/detokenize", user, Api.of(token(stored))), 403, "noGrant");
        refused(api.post("/metadata/get", application, Api.of(token(stored))), 403, "noGrant");
        api.post("/grant/set", application, "{\"sessionId\":\"session-1\",\"tokenId\":\"" + token(stored) + "\"}");
        JsonNode read = api.post("/detokenize", user, Api.of(token(stored))).data();
        assertThat(api.download(read).body()).isEqualTo(SECRET);
        assertThat(api.post("/metadata/get", user, Api.of(token(stored))).data().get("metadata"))
                .hasToString("{\"dataType\":\"string\"}");
    }

    @Test
    void anErasedTokenIsUnknownAtOnceOnEveryPod() {
        Api otherPod = new Api(vault.anotherPod());
        Answer stored = call(api, TOKENIZE, METADATA);
        put(stored.data(), SECRET);
        assertThat(call(otherPod, DETOKENIZE, Api.of(token(stored))).status())
                .as("the other pod keeps the record in memory")
                .isEqualTo(200);
        assertThat(api.post("/token/erase", application, Api.of(token(stored))).status())
                .isEqualTo(200);
        refused(call(otherPod, DETOKENIZE, Api.of(token(stored))), 404, "unknownToken");
    }

    @Test
    void aStrangerPutsNothingIntoRedis() {
        try (RedisClient redis = RedisClient.create(vault.redis.url())) {
            List<String> before = redis.connect().sync().keys("*grant*");
            for (int i = 0; i < 3; i++) {
                call(api, TOKENIZE, METADATA);
                call(api, DETOKENIZE, Api.of(Api.unknownToken()));
            }
            assertThat(redis.connect().sync().keys("*grant*")).containsExactlyInAnyOrderElementsOf(before);
        }
    }

    /** A page must ask the browser for permission to send JSON to another origin, and no route gives it. */
    @Test
    void noPageOfAnotherOriginCanCallIt() {
        for (String route : List.of(TOKENIZE, DETOKENIZE)) {
            Answer preflight = api.send(api.request(route)
                    .header("Origin", TestVault.PAGE)
                    .header("Access-Control-Request-Method", "POST")
                    .header("Access-Control-Request-Headers", "content-type")
                    .method("OPTIONS", BodyPublishers.noBody()));
            refused(preflight, 405, "methodNotAllowed");
            Answer simple = api.send(api.request(route)
                    .header("Origin", TestVault.PAGE)
                    .header("content-type", "text/plain")
                    .POST(BodyPublishers.ofString(METADATA)));
            refused(simple, 415, "unsupportedMediaType");
            for (Answer answer : List.of(preflight, simple, call(api, route, METADATA))) {
                assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-"));
            }
        }
    }

    @Test
    void theBoundsOfOtherCallersHold() {
        refused(call(api, TOKENIZE, "[]"), 400, "badRequest");
        refused(call(api, TOKENIZE, "{\"size\":" + ((100L << 20) + 1) + "}"), 413, "tooLarge");
        refused(call(api, TOKENIZE, "{\"x\":\"" + "y".repeat(70_000) + "\"}"), 413, "tooLarge");
        refused(call(api, TOKENIZE, "{\"metadata\":{\"x\":\"" + "y".repeat(17_000) + "\"}}"), 413, "tooLarge");
    }

    @Test
    void theAuditLogHasALineWithoutACallerAndWithoutTheToken() {
        try (EverythingLogged logged = new EverythingLogged()) {
            Answer stored = call(api, TOKENIZE, METADATA);
            put(stored.data(), SECRET);
            call(api, DETOKENIZE, Api.of(token(stored)));
            assertThat(logged.text())
                    .containsPattern("\"action\":\"/.lunasec/tokenize\",\"result\":\"ok\",\"record\":\"[0-9a-f]{32}\"}")
                    .containsPattern(
                            "\"action\":\"/.lunasec/detokenize\",\"result\":\"ok\",\"record\":\"[0-9a-f]{32}\"}")
                    .doesNotContain(token(stored), token(stored).substring(8));
        }
    }

    private static String token(Answer stored) {
        return stored.data().get("tokenId").textValue();
    }

    /** As axios sends it. */
    private static Answer call(Api pod, String path, String body) {
        return pod.send(pod.request(path)
                .header("accept", "application/json, text/plain, */*")
                .header("content-type", "application/json")
                .header("user-agent", "axios/0.21.4")
                .POST(BodyPublishers.ofString(body)));
    }

    /** The SDK sends all headers of the answer but {@code host}, and a type of its own. */
    private static Answer put(JsonNode data, byte[] value) {
        return api.send(Api.signed(data, "uploadUrl")
                .header("content-type", "text/plain")
                .PUT(BodyPublishers.ofByteArray(value)));
    }
}
