package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.lunasec.testbed.EverythingLogged;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.Issuers;
import dev.lunasec.tokenizer.testing.TestVault;
import io.lettuce.core.RedisClient;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a browser logs in, and how nobody else logs it in. */
@Tag("embedded")
class SessionRoutesTest {
    private static final Pattern STATE = Pattern.compile("__Host-state=([0-9]+\\.[A-Za-z0-9_-]{43}); (.*)");
    private static final Pattern LOGIN = Pattern.compile("__Host-access_token=([^;]+); Path=/; Max-Age=(\\d+); (.*)");
    private static final String ATTRIBUTES = "Secure; HttpOnly; SameSite=None; Partitioned";
    private static final String BANK = "bank-sdk";
    private static final URI BANK_LOGIN = URI.create("https://bank.example.com/login?from=vault");

    @TempDir
    static Path folder;

    private static JwtIssuer bank;
    private static TestVault vault;
    private static Api api;
    private static Api otherPod;
    private static String user;
    /** All that the whole process logs at the most talkative level, from the start of the vault on. */
    private static EverythingLogged logged;

    @BeforeAll
    static void start() {
        logged = new EverythingLogged();
        bank = new JwtIssuer();
        vault = TestVault.in(folder)
                .issuers(
                        Issuers.withLogin(Issuers.unlimited("bank", BANK, bank.jwksUrl()), BANK_LOGIN),
                        Issuers.unlimited("machines", "machines-sdk", bank.jwksUrl()))
                .start();
        api = new Api(vault.url());
        otherPod = new Api(vault.anotherPod());
        user = vault.issuer.jwt("user", "session-1");
    }

    @AfterAll
    static void stop() {
        vault.close();
        bank.close();
        logged.close();
    }

    @Test
    void aBrowserLogsInAndItsCookieIsGoodAsLongAsItsJwt() {
        Answer begun = ensure("?auth_provider=shop");
        assertThat(begun.status()).isEqualTo(302);
        String state = state(begun);
        assertThat(begun.headers().firstValue("location")).hasValue(TestVault.LOGIN + "?state=" + state);
        assertThat(begun.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(begun.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(begun.headers().firstValue("referrer-policy")).hasValue("no-referrer");

        // Another pod ends the login.
        Answer ended = create(otherPod, state, state, user);
        assertThat(ended.status()).as(ended.text()).isEqualTo(200);
        assertThat(ended.text()).isEqualTo("{\"success\":true,\"error\":{},\"data\":{}}");
        assertThat(ended.headers().firstValue("lunasec-session-hash"))
                .hasValue("96c71081c21826a93aad95a48dad46723ef67a06");
        assertThat(ended.headers().firstValue("referrer-policy")).hasValue("no-referrer");
        List<String> cookies = ended.headers().allValues("set-cookie");
        assertThat(cookies).hasSize(2);
        Matcher login = LOGIN.matcher(cookies.get(0));
        assertThat(login.matches()).as(cookies.get(0)).isTrue();
        assertThat(login.group(1)).isEqualTo(user);
        assertThat(Integer.parseInt(login.group(2))).isBetween(600, 900);
        assertThat(login.group(3)).isEqualTo(ATTRIBUTES);
        assertThat(cookies.get(1)).isEqualTo("__Host-state=; Path=/; Max-Age=0; " + ATTRIBUTES);

        Answer stored = api.send(api.request("/tokenize")
                .header("Cookie", "__Host-access_token=" + login.group(1))
                .header("Origin", TestVault.ORIGIN)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
        assertThat(stored.status()).as(stored.text()).isEqualTo(200);
    }

    @Test
    void theCookieEndsWithTheJwtAndAnExpiredJwtMakesNone() {
        Answer ended =
                create(api, jwt -> jwt.expirationTime(Date.from(Instant.now().plusSeconds(42))));
        Matcher login = LOGIN.matcher(ended.headers().allValues("set-cookie").get(0));
        assertThat(login.matches()).isTrue();
        assertThat(Integer.parseInt(login.group(2))).isBetween(1, 42);
        // Within the tolerance for clocks that differ, so the JWT is still accepted elsewhere.
        Answer late =
                create(api, jwt -> jwt.expirationTime(Date.from(Instant.now().minusSeconds(5))));
        refused(late, 401, "unauthenticated");
        assertThat(late.headers().allValues("set-cookie")).isEmpty();
    }

    @Test
    void theProviderIsAnIssuerWithALogin() {
        String state = state(ensure("?auth_provider=bank"));
        assertThat(ensure("?auth_provider=bank")
                        .headers()
                        .firstValue("location")
                        .orElseThrow())
                .startsWith(BANK_LOGIN + "&state=");
        String ofBank = bank.jwt("user", "session-9", claims -> claims.issuer(BANK));
        assertThat(create(api, state, state, ofBank).status()).isEqualTo(200);
        for (String none : List.of("", "?auth_provider=", "?auth_provider=machines", "?auth_provider=nobody")) {
            Answer refusal = ensure(none);
            refused(refusal, 400, "badRequest");
            assertThat(refusal.headers().allValues("set-cookie")).isEmpty();
            assertThat(refusal.headers().firstValue("location")).isEmpty();
        }
    }

    @Test
    void aStateIsGoodOnceForTheBrowserThatBeganAndForTheIssuerThatItWasSentTo() {
        String state = state(ensure("?auth_provider=shop"));
        String other = state(ensure("?auth_provider=shop"));
        refused(create(api, state, null, user), 400, "invalidState");
        refused(create(api, state, other, user), 400, "invalidState");
        refused(create(api, "0.invented", "0.invented", user), 400, "invalidState");
        String ofBank = bank.jwt("user", "session-9", claims -> claims.issuer(BANK));
        refused(create(api, state, state, ofBank), 400, "invalidState");
        String ofMachines = bank.jwt("user", "session-9", claims -> claims.issuer("machines-sdk"));
        refused(create(api, state, state, ofMachines), 400, "invalidState");
        refused(create(api, state, state, "nonsense"), 401, "unauthenticated");
        assertThat(create(api, state, state, user).status())
                .as("a refusal takes no state")
                .isEqualTo(200);
        refused(create(otherPod, state, state, user), 400, "invalidState");
        assertThat(create(api, other, other, user).status()).isEqualTo(200);
    }

    @Test
    void withoutRedisNobodyLogsIn() {
        String state = state(ensure("?auth_provider=shop"));
        try (RedisClient redis = RedisClient.create(vault.redis.url())) {
            redis.connect().sync().flushall();
        }
        refused(create(api, state, state, user), 400, "invalidState");
    }

    @Test
    void onlyAJwtThatHoldsBecomesACookie() {
        String unsigned = user.substring(0, user.lastIndexOf('.') + 1);
        for (String bad : List.of(
                "",
                "a.b.c",
                unsigned,
                "Bearer " + user,
                user + ";Domain=example.com",
                user + "; Max-Age=99999999",
                user + "\r\nSet-Cookie: a=b",
                user + "=",
                user + " ",
                vault.issuer.jwt("user", ""),
                vault.issuer.jwt("user", "session-1", claims -> claims.issuer("somebody-else")),
                bank.jwt("user", "session-1"))) {
            String state = state(ensure("?auth_provider=shop"));
            Answer answer = create(api, state, state, bad);
            refused(answer, 401, "unauthenticated");
            assertThat(answer.headers().allValues("set-cookie")).isEmpty();
        }
        String state = state(ensure("?auth_provider=shop"));
        refused(create(api, state, state, vault.issuer.jwt("application", "")), 403, "notAllowed");
        String large = vault.issuer.jwt("user", "session-1", claims -> claims.claim("more", "x".repeat(4_000)));
        refused(create(api, state, state, large), 400, "badRequest");
        assertThat(create(api, state, state, vault.issuer.jwt("developer", "session-1"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void stateAndJwtMustBeThere() {
        String state = state(ensure("?auth_provider=shop"));
        for (String query : List.of("", "?state=" + state, "?openid_token=" + user)) {
            HttpRequest.Builder request = api.request("/session/create" + query);
            refused(api.send(request.header("Cookie", "__Host-state=" + state).GET()), 400, "badRequest");
        }
    }

    @Test
    void aQueryThatIsNotPercentEncodedIsABadRequest() throws Exception {
        for (String path :
                List.of("/session/ensure?auth_provider=%zz", "/session/create?state=%&openid_token=secret%")) {
            try (Socket socket =
                    new Socket(InetAddress.getLoopbackAddress(), vault.url().getPort())) {
                socket.getOutputStream()
                        .write(("GET " + path + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.UTF_8));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer)
                        .startsWith("HTTP/1.1 400")
                        .contains("\"name\":\"badRequest\"")
                        .doesNotContain("secret");
            }
        }
    }

    @Test
    void aPageOfTheSettingsLearnsWhetherItsUserIsLoggedIn() {
        Answer yes = verify(TestVault.PAGE, "__Host-access_token=" + user);
        assertThat(yes.status()).isEqualTo(200);
        assertThat(yes.json().get("success").booleanValue()).isTrue();
        for (String no : List.of("a=b", "access_token=" + user, "__Host-access_token=nonsense")) {
            Answer answer = verify(TestVault.PAGE, no);
            refused(answer, 200, "unauthenticated");
            assertThat(answer.headers().firstValue("access-control-allow-origin"))
                    .hasValue(TestVault.PAGE);
        }
        assertThat(yes.headers().firstValue("access-control-allow-origin")).hasValue(TestVault.PAGE);
        assertThat(yes.headers().firstValue("access-control-allow-credentials")).hasValue("true");
        assertThat(yes.headers().firstValue("vary")).hasValue("Origin");
        for (String other :
                List.of("https://evil.example.net", "null", TestVault.PAGE + ".evil.net", TestVault.ORIGIN)) {
            Answer answer = verify(other, "__Host-access_token=" + user);
            assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-"));
            assertThat(answer.headers().firstValue("vary")).hasValue("Origin");
        }
    }

    /** A frame asks before the user types, and then goes on for this user only; an embedding page cannot read it. */
    @Test
    void theFrameLearnsTheHashOfItsSession() {
        Answer yes = verify(TestVault.PAGE, "__Host-access_token=" + user);
        String tokenized = api.post("/tokenize", user, "{}")
                .headers()
                .firstValue("lunasec-session-hash")
                .orElseThrow();
        assertThat(yes.headers().firstValue("lunasec-session-hash")).hasValue(tokenized);
        assertThat(yes.headers().firstValue("access-control-expose-headers")).isEmpty();
        assertThat(verify(TestVault.PAGE, "a=b").headers().firstValue("lunasec-session-hash"))
                .isEmpty();
    }

    @Test
    void otherPagesReadNoAnswerOfALogin() {
        String state = state(ensure("?auth_provider=shop"));
        for (Answer answer : List.of(
                api.send(api.request("/session/ensure?auth_provider=shop")
                        .header("Origin", TestVault.PAGE)
                        .GET()),
                api.send(api.request("/session/create?state=" + state + "&openid_token=" + user)
                        .header("Origin", TestVault.PAGE)
                        .header("Cookie", "__Host-state=" + state)
                        .GET()))) {
            assertThat(answer.status()).isIn(200, 302);
            assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-"));
        }
    }

    @Test
    void theRoutesTakeGetAlone() {
        for (String route : List.of("/session/ensure", "/session/create", "/session/verify")) {
            Answer posted = api.post(route, user, "{}");
            refused(posted, 405, "methodNotAllowed");
            assertThat(posted.headers().firstValue("allow")).hasValue("GET, HEAD");
        }
        assertThat(api.send(api.request("//session/verify").GET()).status()).isEqualTo(200);
    }

    @Test
    void theAuditNamesTheCallerAndNothingOfTheLoginIsLogged() {
        String secret = vault.issuer.jwt("user", "session-that-nobody-may-read");
        String state = state(ensure("?auth_provider=shop"));
        assertThat(create(api, state, state, secret).status()).isEqualTo(200);
        refused(create(api, state, state, secret), 400, "invalidState");
        verify(TestVault.PAGE, "__Host-access_token=" + secret);
        assertThat(logged.text())
                .containsPattern("\"/session/ensure\",\"result\":\"ok\"")
                .containsPattern(
                        "\"/session/create\",\"result\":\"ok\",\"caller\":\"user\"[^}]*\"session\":\"[0-9a-f]{32}\"")
                .containsPattern("\"/session/create\",\"result\":\"invalidState\"")
                .containsPattern("\"/session/verify\",\"result\":\"ok\",\"caller\":\"user\"")
                .doesNotContain(secret, state, state.substring(state.indexOf('.') + 1), "session-that-nobody-may-read");
    }

    private static Answer ensure(String query) {
        return api.send(api.request("/session/ensure" + query).GET());
    }

    private static Answer create(Api pod, String state, @Nullable String cookie, String jwt) {
        HttpRequest.Builder request =
                pod.request("/session/create?state=" + encoded(state) + "&openid_token=" + encoded(jwt));
        if (cookie != null) request.header("Cookie", "other=x; __Host-state=" + cookie);
        return pod.send(request.GET());
    }

    /** Logs in with a JWT whose claims are changed. */
    private static Answer create(Api pod, UnaryOperator<JWTClaimsSet.Builder> change) {
        String state = state(ensure("?auth_provider=shop"));
        return create(pod, state, state, vault.issuer.jwt("user", "session-1", change));
    }

    private static Answer verify(String origin, String cookie) {
        return api.send(api.request("/session/verify")
                .header("Origin", origin)
                .header("Cookie", cookie)
                .GET());
    }

    private static String state(Answer begun) {
        List<String> cookies = begun.headers().allValues("set-cookie");
        assertThat(cookies).as(begun.text()).hasSize(1);
        Matcher state = STATE.matcher(cookies.get(0));
        assertThat(state.matches()).as(cookies.get(0)).isTrue();
        assertThat(state.group(2)).isEqualTo("Path=/; Max-Age=600; " + ATTRIBUTES);
        return state.group(1);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
