package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A browser's cookie is accepted with JSON from pages of the tokenizer, and with nothing else that a page can send. */
@Tag("embedded")
class CookieAuthenticationTest {
    private static final byte[] SECRET = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);
    private static final String JSON = "application/json";
    private static final String COOKIE = "__Host-access_token=";

    @TempDir
    static Path folder;

    @AutoClose
    private static TestVault vault;

    private static Api api;
    private static String user;
    private static String token;

    @BeforeAll
    static void start() {
        vault = new TestVault(folder);
        api = new Api(vault.url());
        user = vault.issuer.jwt("user", "session-1");
        token = api.store(user, SECRET);
    }

    @Test
    void theFrameReadsWhatItsSessionMayRead() {
        Answer read =
                api.send(browser(JSON).header("Origin", TestVault.ORIGIN).header("Sec-Fetch-Site", "same-origin"));
        assertThat(read.status()).as(read.text()).isEqualTo(200);
        assertThat(api.download(read.data()).body()).isEqualTo(SECRET);
        assertThat(api.send(browser(JSON).header("Sec-Fetch-Site", "same-origin"))
                        .status())
                .isEqualTo(200);
        assertThat(api.send(browser(JSON).header("Origin", TestVault.ORIGIN)).status())
                .isEqualTo(200);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "cross-site POST as text/plain, text/plain, https://evil.example.net, cross-site",
        "cross-site POST as JSON, application/json, https://evil.example.net, cross-site",
        "form post, application/x-www-form-urlencoded, https://evil.example.net, cross-site",
        "form post with files, multipart/form-data, https://evil.example.net, cross-site",
        "form post of a sandboxed frame, application/x-www-form-urlencoded, null, cross-site",
        "missing Origin and Sec-Fetch-Site, application/json, , ",
        "missing Origin from another site, application/json, , cross-site",
        "own Origin from another site, application/json, https://vault.example.com, cross-site",
        "the page of the application, text/plain, https://shop.example.com, same-site",
        "same-site sibling, application/json, https://blog.example.com, same-site",
        "same-site sibling without Origin, application/json, , same-site",
        "typed into the address bar, application/json, , none",
        "the same host over HTTP, application/json, http://vault.example.com, "
    })
    void requestsOfOtherPagesAreRefused(String page, String type, @Nullable String origin, @Nullable String site) {
        HttpRequest.Builder request = browser(type);
        if (origin != null) request.header("Origin", origin);
        if (site != null) request.header("Sec-Fetch-Site", site);
        Answer answer = api.send(request);
        refused(answer, 403, "crossOrigin");
        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-"));
    }

    @ParameterizedTest
    @CsvSource({"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"})
    void aPageOfTheTokenizerMustSendJson(String type) {
        refused(api.send(browser(type).header("Origin", TestVault.ORIGIN)), 415, "unsupportedMediaType");
    }

    @Test
    void noRouteOfJsonLetsAnotherOriginReadItsAnswerOrAskForPermission() {
        for (Route route : Route.values()) {
            Answer preflight = api.send(api.request(route.path)
                    .header("Origin", TestVault.PAGE)
                    .header("Access-Control-Request-Method", "POST")
                    .header("Access-Control-Request-Headers", "content-type")
                    .method("OPTIONS", BodyPublishers.noBody()));
            refused(preflight, 405, "methodNotAllowed");
            Answer answer = api.send(api.request(route.path)
                    .header("Origin", TestVault.PAGE)
                    .header("authorization", user)
                    .header("content-type", JSON)
                    .POST(BodyPublishers.ofString(Api.of(token))));
            for (Answer each : List.of(preflight, answer)) {
                assertThat(each.headers().map().keySet())
                        .as(route.path)
                        .noneMatch(name -> name.startsWith("access-control-"));
            }
        }
    }

    @Test
    void theHeaderAuthorizationComesBeforeTheCookie() {
        String other = vault.issuer.jwt("user", "session-2");
        refused(api.send(browser(JSON).header("authorization", other)), 403, "noGrant");
        refused(
                api.send(browser(JSON).header("authorization", "nonsense").header("Origin", TestVault.ORIGIN)),
                401,
                "unauthenticated");
    }

    @Test
    void aCookieOfAnotherNameOrWithoutAValidJwtIsNone() {
        String expired = vault.issuer.jwt(
                "user", "session-1", claims -> claims.expirationTime(Date.from(Instant.ofEpochSecond(1_000_000_000))));
        for (String cookie : List.of(
                "access_token=" + user,
                "__host-access_token=" + user,
                "__Secure-access_token=" + user,
                "$Version=1,__Host-access_token=" + user,
                "$Version=1; a=b,__Host-access_token=" + user,
                "a=\"b; __Host-access_token=" + user + "\"",
                COOKIE,
                COOKIE + "nonsense",
                COOKIE + expired)) {
            Answer answer = api.send(api.request("/detokenize")
                    .header("Cookie", cookie)
                    .header("Origin", TestVault.ORIGIN)
                    .header("content-type", JSON)
                    .POST(BodyPublishers.ofString(Api.of(token))));
            refused(answer, 401, "unauthenticated");
        }
    }

    @Test
    void theLockToASessionHoldsForCookiesToo() {
        HttpRequest.Builder request = browser(JSON)
                .header("Origin", TestVault.ORIGIN)
                .header("lunasec-session-hash", "0000000000000000000000000000000000000000");
        refused(api.send(request), 401, "sessionMismatch");
    }

    /** What a browser with a cookie sends to read a value. */
    private static HttpRequest.Builder browser(String type) {
        return api.request("/detokenize")
                .header("Cookie", COOKIE + user)
                .header("content-type", type)
                .POST(BodyPublishers.ofString(Api.of(token)));
    }
}
