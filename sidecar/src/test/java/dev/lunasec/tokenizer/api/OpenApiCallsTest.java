package dev.lunasec.tokenizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lunasec.contract.CookieNames;
import dev.lunasec.contract.HttpHeaders;
import dev.lunasec.contract.HttpPaths;
import dev.lunasec.contract.OpenApi;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A running tokenizer answers as the HTTP contract says: with its statuses, headers, codes and fields, and no others.
 */
@Tag("embedded")
class OpenApiCallsTest {
    private static final OpenApiDocument DOCUMENT = new OpenApiDocument();

    /** The token and the session of the examples. */
    private static final String TOKEN = "lunasec-00112233-4455-6677-8899-aabbccddeeff";

    /** The upload of the examples. */
    private static final String UPLOAD = "00112233445566778899aabbccddeeff.VXBsb2FkIDE";

    private static final byte[] VALUE = "my value".getBytes(StandardCharsets.UTF_8);
    private static final String SESSION = "session-1";

    /** So that each call finds what the ones before it made; one of the grants has one use. */
    private static final List<Route> ORDER = List.of(
            Route.UPLOAD_START,
            Route.UPLOAD_PARTS,
            Route.UPLOAD_COMPLETE,
            Route.UPLOAD_ABORT,
            Route.TOKENIZE,
            Route.TOKENIZE_BATCH,
            Route.GRANT_SET,
            Route.GRANT_SET_BATCH,
            Route.SESSION_CODE,
            Route.GRANT_VERIFY,
            Route.GRANT_VERIFY_BATCH,
            Route.METADATA_GET,
            Route.METADATA_SET,
            Route.DETOKENIZE,
            Route.DETOKENIZE_BATCH,
            Route.REKEY,
            Route.GRANT_REVOKE,
            Route.ERASE,
            Route.ERASE_BATCH);

    /** What every HTTP answer may have. */
    private static final Set<String> OF_HTTP =
            Set.of("content-type", "content-length", "transfer-encoding", "date", "connection");

    @AutoClose
    private static final TestVault vault = TestVault.inOwnFolder().simpleApi().start();

    private static final Api api = vault.api();
    private static final String user = vault.issuer.jwt("user", SESSION);
    private static final String application = vault.application();

    @Test
    void everyExampleOfARequestIsAnsweredAsTheContractSays() {
        assertThat(ORDER).containsExactlyInAnyOrder(Route.values());
        String token = "";
        Deque<JsonNode> uploads = new ArrayDeque<>();
        for (Route route : ORDER) {
            for (Map.Entry<String, JsonNode> example : examples(route).entrySet()) {
                String body = example.getValue().get("value").toString();
                if (route.path.startsWith("/upload/") && !uploads.isEmpty()) {
                    // An upload that is complete cannot be aborted.
                    JsonNode upload = route == Route.UPLOAD_ABORT ? uploads.getLast() : uploads.getFirst();
                    body = body.replace(TOKEN, upload.get("tokenId").textValue())
                            .replace(UPLOAD, upload.get("uploadId").textValue());
                }
                body = body.replace(TOKEN, token);
                Answer answer = api.post(route.path, caller(route), body);
                assertThat(answer.status())
                        .as("%s, %s: %s", route, example.getKey(), answer.text())
                        .isEqualTo(route == Route.METADATA_SET ? 409 : 200);
                isAsDocumented(route.path, answer);
                if (route == Route.UPLOAD_START) uploads.add(answer.data());
                if (route == Route.UPLOAD_PARTS) {
                    assertThat(api.upload(answer.data().at("/parts/0"), VALUE).status())
                            .isEqualTo(200);
                }
                if (route != Route.TOKENIZE) continue;
                token = answer.data().get("tokenId").textValue();
                assertThat(api.upload(answer.data(), VALUE).status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Route.class)
    void everyRefusalOfARouteIsInTheContract(Route route) {
        String body = examples(route).values().iterator().next().get("value").toString();
        String allowed = caller(route);
        refused(route, 401, "unauthenticated", api.post(route.path, "nonsense", body));
        refused(route, 401, "unauthenticated", api.send(api.request(route.path).POST(BodyPublishers.ofString(body))));
        refused(
                route,
                401,
                "sessionMismatch",
                api.send(api.request(route.path)
                        .header("authorization", allowed)
                        .header("content-type", "application/json")
                        .header(HttpHeaders.SESSION_HASH, "0".repeat(40))
                        .POST(BodyPublishers.ofString(body))));
        refused(route, 400, "badRequest", api.post(route.path, allowed, "[]"));
        String large = "{\"x\":\"" + "y".repeat(70_000 * route.weight()) + "\"}";
        refused(route, 413, "tooLarge", api.post(route.path, allowed, large));
        refused(
                route,
                415,
                "unsupportedMediaType",
                api.send(api.request(route.path)
                        .header("authorization", allowed)
                        .header("content-type", "text/plain")
                        .POST(BodyPublishers.ofString(body))));
        refused(
                route,
                431,
                "tooLarge",
                api.send(api.request(route.path)
                        .header("x-large", "y".repeat(20_000))
                        .POST(BodyPublishers.ofString(body))));
        if (route.item == null && body.contains(TOKEN)) {
            refused(route, 400, "malformedToken", api.post(route.path, allowed, body.replace(TOKEN, "lunasec-1")));
        }
        refused(
                route,
                403,
                "crossOrigin",
                api.send(api.request(route.path)
                        .header("cookie", CookieNames.ACCESS_TOKEN + "=" + allowed)
                        .header("origin", "https://shop.example.com")
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(body))));
        if (allowed.equals(application)) refused(route, 403, "notAllowed", api.post(route.path, user, body));
        if (Set.of(Route.DETOKENIZE, Route.METADATA_GET).contains(route)) {
            refused(route, 403, "noGrant", api.post(route.path, user, Api.of(Api.unknownToken())));
        }
        if (body.contains(UPLOAD)) refused(route, 403, "noGrant", api.post(route.path, user, body));
        if (Set.of(Route.ERASE, Route.REKEY).contains(route)) {
            refused(route, 404, "unknownToken", api.post(route.path, application, Api.of(Api.unknownToken())));
        }
        if (route == Route.GRANT_SET) {
            String grant = body.replace("{", "{\"customDuration\":\"1d\",");
            refused(route, 400, "badDuration", api.post(route.path, application, grant));
        }
    }

    @ParameterizedTest
    @EnumSource(PublicRoute.class)
    void routesWithoutCredentialsAnswerAsTheContractSays(PublicRoute route) {
        Answer answer = api.send(api.request(route.path).GET());
        assertThat(answer.status()).isEqualTo(200);
        isAsDocumented(route.path, answer);
        Answer head = api.send(api.request(route.path).method("HEAD", BodyPublishers.noBody()));
        assertThat(head.status()).isEqualTo(200);
        isComponent("MethodNotAllowed", 405, api.send(api.request(route.path).POST(BodyPublishers.noBody())));
    }

    @Test
    void aLoginIsAnsweredAsTheContractSays() {
        Answer begun = login("/session/ensure?auth_provider=shop", 302, "");
        String state = begun.headers().firstValue("location").orElseThrow().replaceFirst(".*state=", "");
        String create = "/session/create?state=" + state + "&openid_token=";
        String cookie = CookieNames.STATE + "=" + state;
        login(create + "nonsense", 401, cookie);
        login(create + application, 403, cookie);
        login(create + user, 200, cookie);
        login(create + user, 400, cookie);
        login("/session/create", 400, "");
        login("/session/ensure?auth_provider=nobody", 400, "");
        login("/session/ensure?auth_provider=" + "x".repeat(20_000), 414, "");
        login("/session/create?openid_token=" + "x".repeat(20_000), 414, "");
        login("/session/verify", 200, "");
        login("/session/verify", 200, CookieNames.ACCESS_TOKEN + "=" + user);
    }

    @Test
    void aRedemptionIsAnsweredAsTheContractSays() {
        String path = HttpPaths.SESSION_REDEEM;
        String body = examples(path).values().iterator().next().get("value").toString();
        String nonce = DOCUMENT.operation(path)
                .at("/requestBody/content/application~1json/examples/code/value/nonce")
                .textValue();
        String make = DOCUMENT.operation(Route.SESSION_CODE.path)
                .at("/requestBody/content/application~1json/examples/store/value")
                .toString();
        String code = api.post(Route.SESSION_CODE.path, application, make)
                .data()
                .get("code")
                .textValue();
        Answer redeemed = redeem("{\"code\":\"" + code + "\",\"nonce\":\"" + nonce + "\"}", TestVault.ORIGIN);
        assertThat(redeemed.status()).as(redeemed.text()).isEqualTo(200);
        isAsDocumented(path, redeemed);
        refused(path, 400, "invalidCode", redeem(body, TestVault.ORIGIN));
        refused(path, 400, "badRequest", redeem("[]", TestVault.ORIGIN));
        refused(path, 403, "crossOrigin", redeem(body, TestVault.PAGE));
        refused(path, 413, "tooLarge", redeem("{\"x\":\"" + "y".repeat(70_000) + "\"}", TestVault.ORIGIN));
        HttpRequest.Builder noJson = api.request(path).header("origin", TestVault.ORIGIN);
        refused(path, 415, "unsupportedMediaType", api.send(noJson.POST(BodyPublishers.ofString(body))));
    }

    @Test
    void theEndOfALoginIsAnsweredAsTheContractSays() {
        String path = HttpPaths.SESSION_END;
        HttpRequest.Builder ofPage = api.request(path).header("origin", TestVault.PAGE);
        Answer ended = api.send(ofPage.POST(BodyPublishers.noBody()));
        assertThat(ended.status()).as(ended.text()).isEqualTo(200);
        isAsDocumented(path, ended);
        HttpRequest.Builder ofOther = api.request(path).header("origin", "https://evil.example.net");
        refused(path, 403, "crossOrigin", api.send(ofOther.POST(BodyPublishers.noBody())));
    }

    private static Answer redeem(String body, String origin) {
        return api.send(api.request(HttpPaths.SESSION_REDEEM)
                .header("origin", origin)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private static Answer login(String target, int status, String cookie) {
        Answer answer = api.send(api.request(target)
                .header("cookie", cookie)
                .header("origin", "https://shop.example.com")
                .GET());
        assertThat(answer.status()).as("%s: %s", target, answer.text()).isEqualTo(status);
        isAsDocumented(target.replaceFirst("\\?.*", ""), answer);
        return answer;
    }

    @Test
    void theFrameAndItsFilesAreAnsweredAsTheContractSays() {
        String frame = "/frame?n=0a&component=Input&origin=";
        Answer page = get(HttpPaths.FRAME, 200, frame + TestVault.PAGE);
        get(HttpPaths.FRAME, 400, "/frame");
        get(HttpPaths.FRAME, 403, frame + "https://evil.example.net");
        get(HttpPaths.FRAME, 414, frame + "x".repeat(20_000));
        Matcher script = Pattern.compile("src=\"(frame/[^\"]+)\"").matcher(page.text());
        assertThat(script.find()).isTrue();
        get(HttpPaths.FRAME_FILE, 200, "/" + script.group(1));
        get(HttpPaths.FRAME_FILE, 200, "/" + script.group(1).replace(".js", ".css"));
        get(HttpPaths.FRAME_FILE, 404, "/" + script.group(1).replace("/page/", "/page/no-"));
        get(HttpPaths.COMPONENTS, 200, HttpPaths.COMPONENTS);
        for (String path : FrameRoutes.PATHS) {
            isComponent(
                    "MethodNotAllowed",
                    405,
                    api.send(api.request(path.replaceAll("[{}]", "")).POST(BodyPublishers.noBody())));
        }
    }

    private static Answer get(String path, int status, String target) {
        Answer answer = api.send(api.request(target).GET());
        assertThat(answer.status()).as("%s: %s", target, answer.text()).isEqualTo(status);
        isAsDocumented(path, answer);
        return answer;
    }

    @Test
    void theSimpleApiAnswersAsTheContractSays() {
        String token = "";
        for (String path : OpenApiTest.SIMPLE) {
            for (JsonNode example : examples(path).values()) {
                String body = example.get("value").toString().replace(TOKEN, token);
                Answer answer = simple(path, body);
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                isAsDocumented(path, answer);
                token = answer.data().path("tokenId").asText(token);
            }
            refused(path, 400, "badRequest", simple(path, "[]"));
            refused(path, 413, "tooLarge", simple(path, "{\"x\":\"" + "y".repeat(70_000) + "\"}"));
            HttpRequest.Builder noJson = api.request(path).header("content-type", "text/plain");
            refused(path, 415, "unsupportedMediaType", api.send(noJson.POST(BodyPublishers.ofString("{}"))));
        }
        String detokenize = HttpPaths.SIMPLE_DETOKENIZE;
        refused(detokenize, 400, "noTokenId", simple(detokenize, "{}"));
        refused(detokenize, 400, "badTokenId", simple(detokenize, Api.of("lunasec-1")));
        refused(detokenize, 404, "unknownToken", simple(detokenize, Api.of(Api.unknownToken())));
    }

    private static Answer simple(String path, String body) {
        return api.send(
                api.request(path).header("content-type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    @Test
    void theServedFileIsTheContract() {
        assertThat(api.send(api.request("/openapi.yaml").GET()).body()).isEqualTo(OpenApi.yaml());
        assertThat(api.send(api.request("/openapi.json").GET()).json()).isEqualTo(DOCUMENT.root());
    }

    @Test
    void otherPathsAndMethodsAreRefusedAsTheContractSays() {
        isComponent("NoSuchRoute", 404, api.post("/nowhere", user, "{}"));
        for (Route route : Route.values()) {
            for (String method : List.of("GET", "PUT", "DELETE", "PATCH", "OPTIONS")) {
                Answer answer = api.send(api.request(route.path).method(method, BodyPublishers.noBody()));
                isComponent("MethodNotAllowed", 405, answer);
            }
        }
    }

    private static Map<String, JsonNode> examples(Route route) {
        return examples(route.path);
    }

    private static Map<String, JsonNode> examples(String path) {
        return DOCUMENT.fields(DOCUMENT.operation(path).at("/requestBody/content/application~1json/examples"));
    }

    private static String caller(Route route) {
        Route single = route.item == null ? route : route.item;
        return route.path.startsWith("/upload/")
                        || Set.of(Route.TOKENIZE, Route.DETOKENIZE, Route.METADATA_GET, Route.METADATA_SET)
                                .contains(single)
                ? user
                : application;
    }

    private static void refused(Route route, int status, String code, Answer answer) {
        refused(route.path, status, code, answer);
    }

    private static void refused(String path, int status, String code, Answer answer) {
        assertThat(answer.status()).as("%s: %s", path, answer.text()).isEqualTo(status);
        assertThat(answer.error()).as(path).isEqualTo(code);
        isAsDocumented(path, answer);
    }

    private static void isAsDocumented(String path, Answer answer) {
        JsonNode response = DOCUMENT.responses(path).get(Integer.toString(answer.status()));
        if (response == null) throw new AssertionError(path + " answers " + answer.status());
        isAsDocumented(path, response, answer);
    }

    private static void isComponent(String name, int status, Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        isAsDocumented(name, DOCUMENT.component("responses", name), answer);
    }

    private static void isAsDocumented(String where, JsonNode response, Answer answer) {
        String type = answer.headers().firstValue("content-type").orElse("").replaceFirst(";charset=utf-8$", "");
        JsonNode content = response.get("content").get(type);
        assertThat(content).as("%s answers with the type %s", where, type).isNotNull();
        JsonNode body = type.equals("application/json") ? answer.json() : TextNode.valueOf(answer.text());
        assertThat(DOCUMENT.violations(content.get("schema"), body)).as(where).isEmpty();
        if (answer.status() >= 400) {
            assertThat(DOCUMENT.examples(response)).as(where).contains(answer.error());
        }
        headersAreAsDocumented(where, DOCUMENT.fields(response.get("headers")), answer);
    }

    private static void headersAreAsDocumented(String where, Map<String, JsonNode> documented, Answer answer) {
        Set<String> unknown = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        unknown.addAll(answer.headers().map().keySet());
        OF_HTTP.forEach(unknown::remove);
        documented.keySet().forEach(unknown::remove);
        assertThat(unknown)
                .as("headers of %s that are not in the contract", where)
                .isEmpty();
        documented.forEach((name, header) -> answer.headers()
                .firstValue(name)
                .ifPresentOrElse(
                        value -> assertThat(DOCUMENT.violations(header.get("schema"), TextNode.valueOf(value)))
                                .as("%s, %s", where, name)
                                .isEmpty(),
                        () -> assertThat(header.path("required").booleanValue())
                                .as("%s has no %s", where, name)
                                .isFalse()));
    }
}
