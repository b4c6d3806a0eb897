package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.frame.FrameFiles;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import dev.lunasec.tokenizer.testing.VaultBucket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tokenizer serves the secure frame and its files to browsers, with the headers that protect them. */
@Tag("embedded")
class FrameRoutesTest {
    private static final String FRAME = "/frame?n=0123456789abcdef&component=Input&origin=";
    private static final FrameFiles FILES = FrameFiles.load();

    @AutoClose
    private static TestVault vault;

    private static Api api;

    @BeforeAll
    static void start() {
        vault = TestVault.started();
        api = vault.api();
    }

    /** A cache of the page would give one nonce to many, and an answer with a cookie could not be shared. */
    @Test
    void thePageIsNeverCachedAndSetsNoCookie() {
        Answer page = get(FRAME + TestVault.PAGE);
        assertThat(page.status()).isEqualTo(200);
        hasHeaders(
                page,
                Map.of(
                        "content-type", "text/html;charset=utf-8",
                        "cache-control", "no-store",
                        "x-content-type-options", "nosniff",
                        "cross-origin-embedder-policy", "require-corp",
                        "cross-origin-resource-policy", "cross-origin"));
        assertThat(page.headers().map().keySet())
                .doesNotContain("set-cookie", "access-control-allow-origin", "lunasec-session-hash");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/openapi.json", "/components.js", "/nowhere", FRAME + TestVault.PAGE, FRAME})
    void headAnswersWithTheStatusAndTheHeadersOfGet(String path) {
        Answer got = get(path);
        Answer head = api.send(api.request(path).HEAD());
        assertThat(head.status()).isEqualTo(got.status());
        assertThat(head.body()).isEmpty();
        assertThat(withoutNonce(head)).isEqualTo(withoutNonce(got));
    }

    private static String withoutNonce(Answer answer) {
        Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
        headers.remove("date");
        return headers.toString().replaceAll("'nonce-[^']*'", "'nonce'");
    }

    /** In path style, other buckets of the store have the same host; a value may go to none of them. */
    @Test
    void thePolicyLetsThePageReachTheVaultsBucketAndNoOtherOfTheStore() {
        assertThat(get(FRAME + TestVault.PAGE).headers().firstValue("content-security-policy"))
                .get()
                .asString()
                .contains("connect-src 'self' " + vault.store.endpoint() + "/" + VaultBucket.NAME + "/; ");
    }

    @Test
    void filesOfThePageStayInTheCacheForAYearUnderTheirHash() {
        String folder = "/frame/" + FILES.hash() + "/page/";
        Answer script = get(folder + "frame.js");
        assertThat(script.status()).isEqualTo(200);
        assertThat(script.body())
                .isEqualTo(FILES.file("page/frame.js").orElseThrow().content());
        Map<String, String> headers = Map.of(
                "cache-control", "public, max-age=31536000, immutable",
                "cross-origin-resource-policy", "same-origin",
                "x-content-type-options", "nosniff");
        hasHeaders(script, headers);
        hasHeaders(script, Map.of("content-type", "text/javascript;charset=utf-8"));
        Answer style = get(folder + "frame.css");
        hasHeaders(style, headers);
        hasHeaders(style, Map.of("content-type", "text/css;charset=utf-8"));
        for (Answer answer : List.of(script, style)) {
            assertThat(answer.headers().map().keySet()).doesNotContain("access-control-allow-origin", "set-cookie");
        }
    }

    /** Otherwise a browser would keep a file of one version under the name of another for a year. */
    @Test
    void filesOfAnotherVersionAreNotServedAndTheAnswerIsNotCached() {
        Answer other = get("/frame/" + "0".repeat(32) + "/page/frame.js");
        refused(other, 404, "noSuchRoute");
        hasHeaders(other, Map.of("cache-control", "no-store"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-such-file.js",
                "handshake.js",
                "..%2fcomponents.js",
                "%2e%2e%2fcomponents.js",
                "frame.js%00",
                "FRAME.JS"
            })
    void noOtherFileIsServed(String name) {
        assertThat(get("/frame/" + FILES.hash() + "/page/" + name).status()).isBetween(400, 404);
    }

    @Test
    void pagesOfEveryOriginImportTheComponents() {
        Answer answer = api.send(api.request("/components.js")
                .header("Origin", "https://any.example.net")
                .GET());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(FILES.file(FrameFiles.COMPONENTS).orElseThrow().content());
        hasHeaders(
                answer,
                Map.of(
                        "content-type", "text/javascript;charset=utf-8",
                        "access-control-allow-origin", "*",
                        "cross-origin-resource-policy", "cross-origin",
                        "cache-control", "public, max-age=300",
                        "x-content-type-options", "nosniff"));
        assertThat(answer.headers().map().keySet()).doesNotContain("access-control-allow-credentials");
    }

    @Test
    void aBrowserThatHasTheComponentsGetsThemOnlyWhenTheyChange() {
        String tag = get("/components.js").headers().firstValue("etag").orElseThrow();
        for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
            Answer same = api.send(
                    api.request("/components.js").header("If-None-Match", known).GET());
            assertThat(same.status()).as(known).isEqualTo(304);
            assertThat(same.body()).isEmpty();
            hasHeaders(
                    same,
                    Map.of("etag", tag, "cache-control", "public, max-age=300", "access-control-allow-origin", "*"));
        }
        Answer changed = api.send(api.request("/components.js")
                .header("If-None-Match", "\"other\"")
                .GET());
        assertThat(changed.status()).isEqualTo(200);
    }

    /** The longest list that the resource allows is longer than the headers that web servers send by default. */
    @Test
    void allAllowedOriginsFitIntoTheHeaders() {
        List<String> origins = new ArrayList<>();
        for (int i = 0; i < 64; i++) origins.add("https://" + "a".repeat(280) + i + ".test");
        try (TestVault large = TestVault.inOwnFolder().allowedOrigins(origins).start()) {
            Answer page = large.api()
                    .send(large.api().request(FRAME + origins.getLast()).GET());
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.headers().firstValue("content-security-policy"))
                    .get()
                    .asString()
                    .contains(origins.getFirst() + " ", origins.getLast() + ";");
        }
    }

    private static Answer get(String target) {
        return api.send(api.request(target).GET());
    }

    static void hasHeaders(Answer answer, Map<String, String> headers) {
        headers.forEach((name, value) ->
                assertThat(answer.headers().firstValue(name)).as(name).hasValue(value));
    }
}
