package dev.lunasec.tokenizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The wire contract, against a real store and a real Redis. */
@Tag("embedded")
class RoutesTest {
    private static final byte[] SECRET = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);

    @AutoClose
    private static final TestVault vault = TestVault.started();

    private static final Api api = vault.api();
    private static final String user = vault.user();
    private static final String application = vault.application();

    @Test
    void whatIsStoredIsReadBack() {
        Answer stored = api.post("/tokenize", user, "{}");
        assertThat(stored.status()).isEqualTo(200);
        assertThat(stored.json().get("success").booleanValue()).isTrue();
        assertThat(stored.json().get("error").isObject()).isTrue();
        assertThat(api.upload(stored.data(), SECRET).status()).isEqualTo(200);

        Answer read = api.post(
                "/detokenize", user, Api.of(stored.data().get("tokenId").textValue()));
        assertThat(api.download(read.data()).body()).isEqualTo(SECRET);
        assertThat(read.data().get("downloadUrl").textValue())
                .contains("X-Amz-Expires=60")
                .doesNotContain(read.data()
                        .at("/headers/x-amz-server-side-encryption-customer-key")
                        .textValue());
        assertThat(read.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(read.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(read.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(read.headers().firstValue("server")).isEmpty();
    }

    @Test
    void anUploadUrlIsGoodForOneObjectOnceUnderOneKey() {
        JsonNode one = api.post("/tokenize", user, "{\"size\":19}").data();
        JsonNode two = api.post("/tokenize", user, "{}").data();
        HttpRequest.Builder otherKey = HttpRequest.newBuilder(
                        java.net.URI.create(one.get("uploadUrl").textValue()))
                .PUT(BodyPublishers.ofByteArray(SECRET));
        two.get("headers").properties().forEach(header -> {
            if (!header.getKey().equals("host"))
                otherKey.header(header.getKey(), header.getValue().textValue());
        });
        assertThat(Api.sendRefused(otherKey).status()).isEqualTo(403);
        HttpRequest.Builder otherSize = Api.signed(one, "uploadUrl").PUT(BodyPublishers.ofString("of another size"));
        assertThat(Api.sendRefused(otherSize).status()).isEqualTo(403);
        assertThat(api.upload(one, SECRET).status()).isEqualTo(200);
        assertThat(api.upload(one, SECRET).status()).as("a second time").isEqualTo(412);
    }

    @Test
    void metadataIsKeptAndNeedsAGrant() {
        String body = "{\"metadata\":{\"dataType\":\"file\",\"customFields\":{\"n\":[1,2.50,\"ü\"]}}}";
        String token = api.post("/tokenize", user, body).data().get("tokenId").textValue();
        Answer read = api.post("/metadata/get", user, Api.of(token));
        assertThat(read.text()).contains("{\"dataType\":\"file\",\"customFields\":{\"n\":[1,2.50,\"ü\"]}}");
        refused(api.post("/metadata/get", vault.issuer.jwt("user", "session-2"), Api.of(token)), 403, "noGrant");
    }

    @Test
    void metadataNeverChanges() {
        String token = api.post("/tokenize", user, "{\"metadata\":{\"a\":1}}")
                .data()
                .get("tokenId")
                .textValue();
        for (String any : List.of(token, Api.unknownToken())) {
            for (String kind : List.of("user", "application", "developer")) {
                String jwt = vault.issuer.jwt(kind, "session-2");
                String body = "{\"tokenId\":\"" + any + "\",\"metadata\":{\"a\":2}}";
                refused(api.post("/metadata/set", jwt, body), 409, "metadataImmutable");
            }
        }
        refused(api.post("/metadata/set", user, Api.of("lunasec-123")), 400, "malformedToken");
        assertThat(api.post("/metadata/get", user, Api.of(token)).text()).contains("{\"a\":1}");
    }

    @Test
    void anotherSessionReadsOnlyWhatItWasGranted() {
        String token = api.store(user, SECRET);
        String other = vault.issuer.jwt("user", "session-other");
        refused(api.post("/detokenize", other, Api.of(token)), 403, "noGrant");
        assertThat(verify("session-other", token)).isFalse();

        grant("session-other", token, "\"direction\":\"store\"");
        assertThat(verify("session-other", token)).isTrue();
        refused(api.post("/detokenize", other, Api.of(token)), 403, "noGrant");

        grant("session-other", token, "\"uses\":2,\"customDuration\":\"1m\"");
        assertThat(api.post("/metadata/get", other, Api.of(token)).status())
                .as("takes no use")
                .isEqualTo(200);
        assertThat(api.post("/detokenize", other, Api.of(token)).status()).isEqualTo(200);
        assertThat(api.post("/detokenize", other, Api.of(token)).status()).isEqualTo(200);
        refused(api.post("/detokenize", other, Api.of(token)), 403, "noGrant");
    }

    @Test
    void anApplicationGrantsItselfWithTheEmptySession() {
        String token = api.store(user, SECRET);
        refused(api.post("/detokenize", application, Api.of(token)), 403, "noGrant");
        grant("", token, "\"uses\":1");
        Answer read = api.post("/detokenize", application, Api.of(token));
        assertThat(api.download(read.data()).body()).isEqualTo(SECRET);
        grant("", token, "\"uses\":1");
        refused(api.post("/detokenize", vault.issuer.jwt("developer", ""), Api.of(token)), 401, "unauthenticated");
    }

    @Test
    void aUrlLivesNoLongerThanItsGrant() {
        String token = api.store(user, SECRET);
        grant("session-1", token, "\"customDuration\":\"5s\"");
        assertThat(api.post("/detokenize", user, Api.of(token))
                        .data()
                        .get("downloadUrl")
                        .textValue())
                .containsPattern("X-Amz-Expires=[1-5](&|$)");
    }

    @Test
    void aGrantOfLessThanASecondIsGoodForAUrlOfOne() {
        String token = api.store(user, SECRET);
        for (String lasts : List.of("999ms", ".9s", "1s")) {
            grant("session-1", token, "\"customDuration\":\"" + lasts + "\"");
            Answer read = api.post("/detokenize", user, Api.of(token));
            assertThat(read.status()).as(lasts + " " + read.text()).isEqualTo(200);
            assertThat(read.data().get("downloadUrl").textValue()).containsPattern("X-Amz-Expires=1(&|$)");
        }
    }

    @Test
    void grantsAreForApplicationsAlone() {
        String token = api.store(user, SECRET);
        String body = "{\"sessionId\":\"session-1\",\"tokenId\":\"" + token + "\"}";
        for (String kind : List.of("user", "developer")) {
            String jwt = vault.issuer.jwt(kind, "session-1");
            refused(api.post("/grant/set", jwt, body), 403, "notAllowed");
            refused(api.post("/grant/verify", jwt, body), 403, "notAllowed");
            refused(api.post("/grant/revoke", jwt, body), 403, "notAllowed");
        }
    }

    @Test
    void durationsAreGoDurationsWithinBounds() {
        String token = api.store(user, SECRET);
        for (String bad : List.of("", "1", "1d", "-5m", "0s", "61m", "1h0.001s", "9999999h", "5 m"))
            refused(setGrant("session-1", token, "\"customDuration\":\"" + bad + "\""), 400, "badDuration");
        for (String good : List.of("1h", "1h0m0s", "90s", "1.5m", "1500ms")) {
            assertThat(setGrant("session-1", token, "\"customDuration\":\"" + good + "\"")
                            .status())
                    .as(good)
                    .isEqualTo(200);
        }
    }

    @Test
    void badBodiesAreRefusedInTheEnvelope() {
        for (String bad : List.of(
                "",
                "{",
                "nonsense",
                "null",
                "[]",
                "\"text\"",
                "{\"tokenId\":1}",
                "{\"tokenId\":[]}",
                "{\"tokenId\":\"a\",\"tokenId\":\"b\"}",
                "{\"tokenId\":\"a\",\"TOKENID\":\"b\"}",
                "{} {}",
                "{}",
                "{\"tokenId\":null}",
                "{\"a\":" + "[".repeat(100_000 / 4) + "]".repeat(100_000 / 4) + "}",
                "{\"a\":" + "[".repeat(17) + "]".repeat(17) + "}"))
            refused(api.post("/detokenize", user, bad), 400, "badRequest");
        for (String bad : List.of(
                "{\"metadata\":[]}",
                "{\"metadata\":\"x\"}",
                "{\"size\":-1}",
                "{\"size\":1.5}",
                "{\"size\":\"1\"}",
                "{\"size\":99999999999999999999}")) refused(api.post("/tokenize", user, bad), 400, "badRequest");
        refused(api.post("/detokenize", user, "{\"x\":\"" + "y".repeat(10_000_000) + "\"}"), 413, "tooLarge");
        refused(api.post("/tokenize", user, "{\"metadata\":{\"x\":\"" + "y".repeat(17_000) + "\"}}"), 413, "tooLarge");
        refused(api.post("/tokenize", user, "{\"size\":" + ((100L << 20) + 1) + "}"), 413, "tooLarge");
        refused(
                api.send(json("/detokenize").POST(BodyPublishers.ofByteArray(new byte[] {(byte) 0xff, 0, 1}))),
                400,
                "badRequest");
        refused(api.post("/detokenize", user, Api.of("lunasec-123")), 400, "malformedToken");
    }

    @Test
    void aTokenThatNobodyMadeIsUnknownToWhomeverHasAGrantForIt() {
        String token = Api.unknownToken();
        refused(api.post("/detokenize", user, Api.of(token)), 403, "noGrant");
        grant("session-1", token, "\"uses\":9");
        refused(api.post("/detokenize", user, Api.of(token)), 404, "unknownToken");
        refused(api.post("/metadata/get", user, Api.of(token)), 404, "unknownToken");
    }

    @Test
    void otherPathsMethodsAndTypesAreRefusedInTheEnvelope() {
        refused(api.post("/nowhere", user, "{}"), 404, "noSuchRoute");
        Answer get =
                api.send(api.request("/tokenize").header("authorization", user).GET());
        refused(get, 405, "methodNotAllowed");
        assertThat(get.headers().firstValue("allow")).hasValue("POST");
        refused(api.send(api.request("/health").POST(BodyPublishers.noBody())), 405, "methodNotAllowed");
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "application/jsonp")) {
            refused(
                    api.send(api.request("/detokenize")
                            .header("authorization", user)
                            .header("content-type", type)
                            .POST(BodyPublishers.ofString("{}"))),
                    415,
                    "unsupportedMediaType");
        }
        refused(
                api.send(api.request("/tokenize")
                        .header("x-large", "y".repeat(20_000))
                        .GET()),
                431,
                "tooLarge");
        refused(api.send(api.request("/health?" + "y".repeat(20_000)).GET()), 414, "tooLarge");
        assertThat(api.send(api.request("/health").GET()).json().toString())
                .isEqualTo("{\"success\":true,\"error\":{},\"data\":{}}");
    }

    /** SimpleApiTest has a vault in which it is on. */
    @Test
    void theSimpleApiIsOffUnlessTheSettingsEnableIt() {
        refused(api.post("/.lunasec/tokenize", user, "{}"), 404, "noSuchRoute");
        refused(api.post("/.lunasec/detokenize", user, Api.of(Api.unknownToken())), 404, "noSuchRoute");
    }

    @Test
    void fieldsHaveAnyCaseAndSlashesMayBeDoubled() {
        String token = api.store(user, SECRET);
        assertThat(api.post("//detokenize", user, "{\"tokenID\":\"" + token + "\",\"more\":1}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aBodyThatIsCutOffIsABadRequest() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), vault.url().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /tokenize HTTP/1.1\r\nhost: x\r\nauthorization: " + user
                            + "\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"a\":")
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            socket.shutdownOutput();
            String answer = read(socket.getInputStream());
            assertThat(answer).startsWith("HTTP/1.1 400").contains("\"name\":\"badRequest\"");
        }
    }

    @ParameterizedTest
    @CsvSource({"400, NONSENSE", "505, GET / HTTP/3.0", "505, GET / HTTP/0.9"})
    void whatIsNoHttpOfThisVersionIsRefusedInTheEnvelope(int status, String request) throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), vault.url().getPort())) {
            socket.getOutputStream().write((request + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            assertThat(read(socket.getInputStream()))
                    .startsWith("HTTP/1.1 " + status)
                    .contains("\"name\":\"badRequest\"");
        }
    }

    private static String read(InputStream in) throws Exception {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static HttpRequest.Builder json(String path) {
        return api.request(path).header("authorization", user).header("content-type", "application/json");
    }

    private static boolean verify(String session, String token) {
        return api.post(
                        "/grant/verify",
                        application,
                        "{\"sessionId\":\"" + session + "\",\"tokenId\":\"" + token + "\"}")
                .data()
                .get("valid")
                .booleanValue();
    }

    private static void grant(String session, String token, String more) {
        assertThat(setGrant(session, token, more).status()).isEqualTo(200);
    }

    private static Answer setGrant(String session, String token, String more) {
        return api.post(
                "/grant/set",
                application,
                "{\"sessionId\":\"" + session + "\",\"tokenId\":\"" + token + "\"," + more + "}");
    }

    /** In the envelope, with both spellings of the error, a sentence, and nothing of what happened inside. */
    static void refused(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        JsonNode json = answer.json();
        assertThat(json.get("success").booleanValue()).isFalse();
        assertThat(json.get("data").isObject()).isTrue();
        JsonNode error = json.get("error");
        assertThat(error.get("name").textValue()).isEqualTo(code);
        assertThat(error.get("errorName")).isEqualTo(error.get("name"));
        assertThat(error.get("errorMessage")).isEqualTo(error.get("message"));
        assertThat(error.get("message").textValue()).endsWith(".");
        assertThat(answer.text()).doesNotContain("Exception", "dev.lunasec", "\tat ", "lunasec-0");
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
    }
}
