package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.lunasec.testbed.EverythingLogged;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import dev.lunasec.tokenizer.token.Keyring;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a frame on another site gets an access token without a cookie, and what nobody else can do with it. */
@Tag("embedded")
class SessionCodeTest {
    private static final byte[] SECRET = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);
    private static final String NONCE = "00112233445566778899aabbccddeeff";
    private static final String SESSION = "session-that-nobody-may-read";
    private static final Set<Route> STORING = EnumSet.of(
            Route.TOKENIZE, Route.UPLOAD_START, Route.UPLOAD_PARTS, Route.UPLOAD_COMPLETE, Route.UPLOAD_ABORT);
    private static final Set<Route> READING = EnumSet.of(Route.DETOKENIZE, Route.METADATA_GET);

    @TempDir
    static Path folder;

    private static TestVault vault;
    private static Api api;
    private static Api otherPod;
    private static String application;
    private static EverythingLogged logged;

    @BeforeAll
    static void start() {
        logged = new EverythingLogged();
        vault = TestVault.in(folder).start();
        api = vault.api();
        otherPod = new Api(vault.anotherPod());
        application = vault.application();
    }

    @AfterAll
    static void stop() {
        vault.close();
        logged.close();
    }

    @Test
    void aFrameStoresAValueForItsSessionAndAnotherFrameShowsIt() {
        String storing = bearer(redeemed(code("tokenize", null)));
        String token = api.store(storing, SECRET);
        refused(api.post("/detokenize", storing, Api.of(token)), 403, "notAllowed");
        String user = vault.issuer.jwt("user", SESSION);
        assertThat(api.download(api.post("/detokenize", user, Api.of(token)).data())
                        .body())
                .as("the session holds the grant of the frame")
                .isEqualTo(SECRET);
        String reading = bearer(redeemed(otherPod, code("detokenize", token)));
        Answer read = api.post("/detokenize", reading, Api.of(token));
        assertThat(read.status()).as(read.text()).isEqualTo(200);
        assertThat(otherPod.download(read.data()).body()).isEqualTo(SECRET);
        assertThat(api.post("/metadata/get", reading, Api.of(token)).status()).isEqualTo(200);
    }

    @Test
    void aFrameUploadsInParts() {
        String storing = bearer(redeemed(code("tokenize", null)));
        Answer started = api.post("/upload/start", storing, "{\"size\":" + SECRET.length + "}");
        String upload = "{\"tokenId\":" + started.data().get("tokenId") + ",\"uploadId\":"
                + started.data().get("uploadId") + ",";
        Answer parts = api.post("/upload/parts", storing, upload + "\"first\":1,\"count\":1}");
        Answer sent = api.upload(parts.data().at("/parts/0"), SECRET);
        String etag = sent.headers().firstValue("etag").orElseThrow().replace("\"", "\\\"");
        Answer completed =
                api.post("/upload/complete", storing, upload + "\"parts\":[{\"part\":1,\"etag\":\"" + etag + "\"}]}");
        assertThat(completed.status()).as(completed.text()).isEqualTo(200);
    }

    @Test
    void theAnswersSayHowLongTheyAreGood() {
        Answer made = make(application, body(SESSION, NONCE, "tokenize", null));
        assertThat(made.data().get("expiresInSeconds").intValue()).isEqualTo(60);
        assertThat(made.headers().firstValue("cache-control")).hasValue("no-store");
        Answer answer = redeem(api, made.data().get("code").textValue(), NONCE);
        assertThat(answer.data().get("expiresInSeconds").intValue()).isEqualTo(300);
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(answer.headers().allValues("set-cookie")).isEmpty();
    }

    @Test
    void aCodeIsRedeemedOnceOnAnyPod() throws Exception {
        String code = code("tokenize", null);
        List<Callable<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Api pod = i % 2 == 0 ? api : otherPod;
            calls.add(() -> redeem(pod, code, NONCE));
        }
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(16)) {
            for (Future<Answer> call : callers.invokeAll(calls)) {
                statuses.add(call.get().status());
            }
        }
        assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 400);
        refused(redeem(otherPod, code, NONCE), 400, "invalidCode");
    }

    @Test
    void anotherFrameRedeemsNoCodeAndTakesNone() {
        String code = code("tokenize", null);
        refused(redeem(api, code, "another-frame-on-the-page"), 400, "invalidCode");
        refused(redeem(api, code, NONCE.toUpperCase(Locale.ROOT)), 400, "invalidCode");
        assertThat(redeem(api, code, NONCE).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "the page of the application, https://shop.example.com, same-site",
        "a page of another site, https://evil.example.net, cross-site",
        "a sandboxed frame, null, cross-site",
        "the own origin from another site, https://vault.example.com, cross-site",
        "no headers of a browser, , ",
        "another site without Origin, , cross-site",
        "the address bar, , none"
    })
    void aPageThatGetsACodeCannotRedeemIt(String page, @Nullable String origin, @Nullable String site) {
        String code = code("tokenize", null);
        HttpRequest.Builder request = api.request("/session/redeem")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(redemption(code, NONCE)));
        if (origin != null) request.header("Origin", origin);
        if (site != null) request.header("Sec-Fetch-Site", site);
        Answer answer = api.send(request);
        refused(answer, 403, "crossOrigin");
        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-"));
        assertThat(redeem(api, code, NONCE).status()).as("the frame").isEqualTo(200);
    }

    @Test
    void theRouteLetsNoOtherOriginAskForPermissionAndTakesPostOfJsonAlone() {
        Answer preflight = api.send(api.request("/session/redeem")
                .header("Origin", TestVault.PAGE)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type")
                .method("OPTIONS", BodyPublishers.noBody()));
        refused(preflight, 405, "methodNotAllowed");
        assertThat(preflight.headers().firstValue("allow")).hasValue("POST");
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data")) {
            HttpRequest.Builder form = api.request("/session/redeem")
                    .header("content-type", type)
                    .header("Origin", TestVault.ORIGIN)
                    .POST(BodyPublishers.ofString(redemption(code("tokenize", null), NONCE)));
            refused(api.send(form), 415, "unsupportedMediaType");
        }
    }

    @Test
    void anAccessTokenIsForTheRoutesOfItsActionAlone() {
        String token = api.store(vault.issuer.jwt("user", SESSION), SECRET);
        Map<String, Set<Route>> allowed = Map.of(
                bearer(redeemed(code("tokenize", null))), STORING,
                bearer(redeemed(code("detokenize", token))), READING);
        allowed.forEach((access, routes) -> {
            for (Route route : Route.values()) {
                Answer answer = api.post(route.path, access, "{}");
                if (routes.contains(route)) {
                    assertThat(answer.error()).as(route.path).isNotEqualTo("notAllowed");
                } else {
                    refused(answer, 403, "notAllowed");
                }
            }
        });
    }

    @Test
    void aFrameReadsNoTokenThatItsCodeDidNotName() {
        String user = vault.issuer.jwt("user", SESSION);
        String named = api.store(user, SECRET);
        String other = api.store(user, SECRET);
        String reading = bearer(redeemed(code("detokenize", named)));
        for (String route : List.of("/detokenize", "/metadata/get")) {
            assertThat(api.post(route, user, Api.of(other)).status()).isEqualTo(200);
            refused(api.post(route, reading, Api.of(other)), 403, "notAllowed");
            assertThat(api.post(route, reading, Api.of(named)).status()).isEqualTo(200);
        }
    }

    @Test
    void aFrameNeedsAGrantAndARevocationEndsWhatItReads() {
        String token = api.store(vault.issuer.jwt("user", "owner"), SECRET);
        String reading = bearer(redeemed(code("detokenize", token)));
        refused(api.post("/detokenize", reading, Api.of(token)), 403, "noGrant");
        String grant = "{\"tokenId\":\"" + token + "\",\"sessionId\":\"" + SESSION + "\"}";
        assertThat(api.post("/grant/set", application, grant).status()).isEqualTo(200);
        assertThat(api.post("/detokenize", reading, Api.of(token)).status()).isEqualTo(200);
        assertThat(otherPod.post("/grant/revoke", application, "{\"sessionId\":\"" + SESSION + "\"}")
                        .status())
                .isEqualTo(200);
        for (Api pod : List.of(api, otherPod)) {
            refused(pod.post("/detokenize", reading, Api.of(token)), 403, "noGrant");
            refused(pod.post("/metadata/get", reading, Api.of(token)), 403, "noGrant");
        }
    }

    /** It reads nothing of that, and ends after five minutes. */
    @Test
    void aRevocationDoesNotKeepAFrameFromStoring() {
        String storing = bearer(redeemed(code("tokenize", null)));
        assertThat(api.post("/grant/revoke", application, "{\"sessionId\":\"" + SESSION + "\"}")
                        .status())
                .isEqualTo(200);
        String token = api.store(storing, SECRET);
        refused(api.post("/detokenize", storing, Api.of(token)), 403, "notAllowed");
    }

    @Test
    void anAccessTokenIsNoCredentialOfAnybodyElse() {
        String access = redeemed(code("tokenize", null));
        refused(api.post("/tokenize", access, "{}"), 401, "unauthenticated");
        HttpRequest.Builder cookie = api.request("/tokenize")
                .header("Cookie", "__Host-access_token=" + access)
                .header("Origin", TestVault.ORIGIN)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString("{}"));
        refused(api.send(cookie), 401, "unauthenticated");
        String state = api.send(
                        api.request("/session/ensure?auth_provider=shop").GET())
                .headers()
                .firstValue("location")
                .orElseThrow()
                .replaceFirst(".*state=", "");
        Answer login = api.send(api.request("/session/create?state=" + state + "&openid_token=" + access)
                .header("Cookie", "__Host-state=" + state)
                .GET());
        refused(login, 401, "unauthenticated");
        assertThat(login.headers().allValues("set-cookie")).isEmpty();
        Answer verified = api.send(api.request("/session/verify")
                .header("authorization", bearer(access))
                .GET());
        assertThat(verified.error()).isEqualTo("unauthenticated");
        refused(api.post("/tokenize", bearer(code("tokenize", null)), "{}"), 401, "unauthenticated");
        refused(redeem(api, access, NONCE), 400, "invalidCode");
    }

    /** Neither of the two checks of JWTs takes what the other one signs, whatever the header says. */
    @Test
    void noAlgorithmIsConfusedWithAnother() throws JOSEException, IOException {
        Keyring keyring = Keyring.of(Map.of(
                "lookup", Files.readAllBytes(folder.resolve("keyring/lookup")),
                "share-1", Files.readAllBytes(folder.resolve("keyring/share-1")),
                "primary", "1".getBytes(StandardCharsets.UTF_8)));
        byte[] key = keyring.frameKeys().getFirst();
        JWTClaimsSet ofUser = claims(vault.issuer.jwt("user", SESSION));
        JWTClaimsSet ofFrame = claims(redeemed(code("tokenize", null)));
        JOSEObjectType frame = new JOSEObjectType("tokenizer-frame+jwt");
        for (JOSEObjectType typ : List.of(JOSEObjectType.JWT, frame, new JOSEObjectType("at+jwt"))) {
            SignedJWT hmac = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .type(typ)
                            .keyID("lunasec-signing-key")
                            .build(),
                    ofUser);
            hmac.sign(new MACSigner(key));
            SignedJWT rsa = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .type(typ)
                            .keyID("lunasec-signing-key")
                            .build(),
                    ofFrame);
            rsa.sign(new RSASSASigner(vault.issuer.key()));
            byte[] published = vault.issuer.key().toRSAPublicKey().getEncoded();
            SignedJWT publicKeyAsSecret = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).type(typ).build(), ofUser);
            publicKeyAsSecret.sign(new MACSigner(published));
            for (SignedJWT forged : List.of(hmac, rsa, publicKeyAsSecret)) {
                refused(api.post("/tokenize", bearer(forged.serialize()), "{}"), 401, "unauthenticated");
                refused(api.post("/tokenize", forged.serialize(), "{}"), 401, "unauthenticated");
            }
        }
        SignedJWT asFrame = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).type(frame).build(), ofUser);
        asFrame.sign(new MACSigner(key));
        refused(api.post("/tokenize", bearer(asFrame.serialize()), "{}"), 401, "unauthenticated");
        assertThat(ofUser.getIssuer()).isEqualTo(JwtIssuer.ISSUER);
    }

    @Test
    void aFrameKeepsToTheSessionThatItBeganWith() {
        Answer first = redeem(api, code("tokenize", null), NONCE);
        String lock = first.headers().firstValue("lunasec-session-hash").orElseThrow();
        Answer second = redeem(
                api,
                make(application, body("another-user", NONCE, "tokenize", null))
                        .data()
                        .get("code")
                        .textValue(),
                NONCE);
        for (Answer redeemed : List.of(first, second)) {
            HttpRequest.Builder call = api.request("/tokenize")
                    .header(
                            "authorization",
                            bearer(redeemed.data().get("accessToken").textValue()))
                    .header("lunasec-session-hash", lock)
                    .header("content-type", "application/json")
                    .POST(BodyPublishers.ofString("{}"));
            Answer answer = api.send(call);
            if (redeemed.equals(first)) assertThat(answer.status()).isEqualTo(200);
            else refused(answer, 401, "sessionMismatch");
        }
    }

    @Test
    void aBodyThatIsNoRequestForACodeIsRefused() {
        String token = Api.unknownToken();
        String many = "\"" + String.join("\",\"", Collections.nCopies(101, token)) + "\"";
        for (String bad : List.of(
                "{}",
                body("", NONCE, "tokenize", null),
                body(SESSION, "short", "tokenize", null),
                body(SESSION, "x".repeat(129), "tokenize", null),
                body(SESSION, "a nonce with spaces in it", "tokenize", null),
                body(SESSION, NONCE, "erase", null),
                body(SESSION, NONCE, "TOKENIZE", null),
                body(SESSION, NONCE, "tokenize", "\"" + token + "\""),
                body(SESSION, NONCE, "tokenize", ""),
                body(SESSION, NONCE, "detokenize", null),
                body(SESSION, NONCE, "detokenize", ""),
                body(SESSION, NONCE, "detokenize", "null"),
                body(SESSION, NONCE, "detokenize", "1"),
                body(SESSION, NONCE, "detokenize", many))) {
            refused(make(application, bad), 400, "badRequest");
        }
        refused(make(application, body(SESSION, NONCE, "detokenize", "\"lunasec-1\"")), 400, "malformedToken");
        for (String bad : List.of("{}", "[]", "{\"code\":\"a.b.c\"}", redemption("a.b.c", "short"))) {
            refused(redeem(api, bad), 400, "badRequest");
        }
        for (String none : List.of("", "a.b.c", "x".repeat(30_000), vault.issuer.jwt("user", SESSION))) {
            refused(redeem(api, none, NONCE), 400, "invalidCode");
        }
    }

    @Test
    void onlyAnApplicationGetsCodes() {
        for (String kind : List.of("user", "developer")) {
            String jwt = vault.issuer.jwt(kind, SESSION);
            refused(make(jwt, body(SESSION, NONCE, "tokenize", null)), 403, "notAllowed");
        }
        refused(make("nonsense", body(SESSION, NONCE, "tokenize", null)), 401, "unauthenticated");
    }

    @Test
    void whatIsSecretIsNotLoggedAndTheAuditNamesApplicationAndSession() {
        String token = api.store(vault.issuer.jwt("user", SESSION), SECRET);
        String code = code("detokenize", token);
        String access = redeemed(code);
        refused(redeem(api, code, NONCE), 400, "invalidCode");
        api.post("/detokenize", bearer(access), Api.of(token));
        assertThat(logged.text())
                .containsPattern("\"/session/code\",\"result\":\"ok\",\"caller\":\"application\"[^}]*"
                        + "\"grantee\":\"[0-9a-f]{32}\",\"record\":\"[0-9a-f]{32}\"")
                .containsPattern("\"/session/redeem\",\"result\":\"ok\",\"caller\":\"user\",\"subject\":\"frame\","
                        + "\"session\":\"[0-9a-f]{32}\"")
                .contains("\"/session/redeem\",\"result\":\"invalidCode\",\"reason\":\"usedOrOtherFrame\"")
                .containsPattern("\"/detokenize\",\"result\":\"ok\",\"caller\":\"user\",\"subject\":\"frame\"")
                .doesNotContain(code, access, signature(code), signature(access), SESSION, token);
    }

    private static String code(String action, @Nullable String token) {
        Answer made = make(application, body(SESSION, NONCE, action, token == null ? null : "\"" + token + "\""));
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        return made.data().get("code").textValue();
    }

    private static Answer make(String credentials, String body) {
        return api.post("/session/code", credentials, body);
    }

    /** @param tokens the content of the list; null for none */
    private static String body(String session, String nonce, String action, @Nullable String tokens) {
        return "{\"sessionId\":\"" + session + "\",\"nonce\":\"" + nonce + "\",\"action\":\"" + action + "\""
                + (tokens == null ? "" : ",\"tokenIds\":[" + tokens + "]") + "}";
    }

    private static String redeemed(String code) {
        return redeemed(api, code);
    }

    private static String redeemed(Api pod, String code) {
        Answer answer = redeem(pod, code, NONCE);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.data().get("accessToken").textValue();
    }

    private static String redemption(String code, String nonce) {
        return "{\"code\":\"" + code + "\",\"nonce\":\"" + nonce + "\"}";
    }

    private static Answer redeem(Api pod, String code, String nonce) {
        return redeem(pod, redemption(code, nonce));
    }

    private static Answer redeem(Api pod, String body) {
        return pod.send(pod.request("/session/redeem")
                .header("Origin", TestVault.ORIGIN)
                .header("Sec-Fetch-Site", "same-origin")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private static String bearer(String access) {
        return "Bearer " + access;
    }

    private static String signature(String jws) {
        return jws.substring(jws.lastIndexOf('.') + 1);
    }

    private static JWTClaimsSet claims(String jwt) {
        try {
            return SignedJWT.parse(jwt).getJWTClaimsSet();
        } catch (ParseException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
