package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shop's own page runs hostile script in the same world as the components, and gets no value, no key, no JWT and no
 * signed URL. As in {@link HostilePageTest}, each attack runs again without its defence, and then succeeds.
 */
@Tag("browser")
class HostileScriptTest {
    private static final String SECRET = "canary 4111 1111";
    private static final String REPLACE = Script.read("replace-builtins.js");
    private static final String FIELDS = "<secure-input></secure-input><secure-text></secure-text>";
    private static final String RECEIVE = "this.port.onmessage = ({ data }) => this.#receive(data, component);";

    /** The frame as if it told its page what it holds. */
    private static final String TELL_VALUE = """
        this.port.onmessage = ({ data }) => {
          this.#receive(data, component);
          this.port.postMessage({ type: 'value', value: component.value?.() });
        };\
        """;

    @AutoClose
    private static BrowserVault vault;

    @BeforeAll
    static void start() {
        vault = BrowserVault.onTheSameSite();
    }

    /** The defence: the value stays in the frame's world, whose built-ins no page reaches, and crosses no port. */
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void thePageReplacesBuiltInsThatTheComponentsUse(boolean defended, boolean beforeTheyLoad) {
        String script = beforeTheyLoad ? "<script>" + REPLACE + "</script>" : "";
        vault.shop.serve("/replaced", vault.page(FIELDS + script));
        try (BrowserContext user = vault.user("session-1")) {
            if (!defended) {
                user.route(WithoutDefence.FRAME_SCRIPT, route -> WithoutDefence.changed(route, RECEIVE, TELL_VALUE));
            }
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/replaced");
            page.page.evaluate("() => document.querySelector('secure-input').ready");
            if (!beforeTheyLoad) page.page.evaluate("() => {" + REPLACE + "}");
            page.frame("Input").locator("input").fill(SECRET);
            String token = (String) page.page.evaluate("() => document.querySelector('secure-input').commit()");
            page.page.evaluate("(token) => { document.querySelector('secure-text').token = token; }", token);
            page.frame("Paragraph").getByText(SECRET).waitFor();
            String stolen = (String) page.page.evaluate("() => stolen.join('\\n')");
            assertThat(stolen).as("what passes the page").contains(token);
            assertThat(stolen.contains(SECRET)).isEqualTo(!defended);
            assertThat(stolen)
                    .doesNotContain(
                            "X-Amz-", "x-amz-", "eyJ", "\"downloadUrl\":", "\"uploadUrl\":", "\"accessToken\":");
        }
    }

    /** The defence: the tokenizer lets no other origin read {@code /session/create}, to whose URL the login leads. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thePageFollowsItsOwnLoginRouteToReadTheJwtOfItsUser(boolean defended) {
        vault.shop.serve("/login", vault.page(""));
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            if (!defended) letEveryPageRead(user, page.page, "*/session/create*");
            page.page.navigate(vault.shopOrigin() + "/login");
            String seen = (String)
                    page.page.evaluate(Script.read("ask-the-shop-for-its-jwt.js"), "/.lunasec/secure-frame?state=any");
            assertThat(seen.contains("eyJ")).as(seen).isEqualTo(!defended);
        }
    }

    /** Playwright routes no redirected requests, so this changes their answers in the browser itself. */
    private static void letEveryPageRead(BrowserContext user, Page page, String url) {
        CDPSession browser = user.newCDPSession(page);
        browser.on("Fetch.requestPaused", paused -> {
            JsonObject header = new JsonObject();
            header.addProperty("name", "Access-Control-Allow-Origin");
            header.addProperty("value", "*");
            JsonArray headers = paused.getAsJsonArray("responseHeaders");
            headers.add(header);
            JsonObject answer = new JsonObject();
            answer.add("requestId", paused.get("requestId"));
            answer.add("responseCode", paused.get("responseStatusCode"));
            answer.add("responseHeaders", headers);
            browser.send("Fetch.continueResponse", answer);
        });
        JsonObject pattern = new JsonObject();
        pattern.addProperty("urlPattern", url);
        pattern.addProperty("requestStage", "Response");
        JsonArray patterns = new JsonArray();
        patterns.add(pattern);
        JsonObject enable = new JsonObject();
        enable.add("patterns", patterns);
        browser.send("Fetch.enable", enable);
    }
}
