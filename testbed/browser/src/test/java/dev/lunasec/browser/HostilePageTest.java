package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Frame;
import dev.lunasec.tokenizer.testing.Api;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shop's own page is full of hostile script, and gets no value, no key and no signed URL. Each attack runs twice:
 * as it is, and with its defence removed on the way between browser and tokenizer, where it must succeed.
 */
@Tag("browser")
class HostilePageTest {
    private static final String SECRET = "canary 4111 1111";
    private static final String SEND_PORT = Script.read("send-port.js");

    @AutoClose
    private static BrowserVault vault;

    private static String token;

    @BeforeAll
    static void start() {
        vault = BrowserVault.onTheSameSite();
        token = vault.vault
                .api()
                .store(vault.vault.issuer.jwt("user", "session-1"), SECRET.getBytes(StandardCharsets.UTF_8));
    }

    /** The defence: a cookie counts only for JSON of the own origin, and no other origin reads an answer. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thePageCallsTheTokenizerWithTheCookieOfItsUserInEveryWayThatPagesHave(boolean defended) {
        vault.shop.serve("/hostile", vault.page(""));
        vault.shop.serve(
                "/worker.js",
                "addEventListener('message', async ({ data, ports: [port] }) => {"
                        + " try { port.postMessage(await (await fetch(...data)).text()); }"
                        + " catch (thrown) { port.postMessage(String(thrown)); } });");
        try (BrowserContext user = vault.user("session-1")) {
            if (!defended) user.route("**/detokenize", route -> WithoutDefence.asTheFrameWould(route, vault, user));
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/hostile");
            vault.logInAtVault(page.page);
            String got = (String) page.page.evaluate(
                    Script.read("call-with-the-cookie.js"),
                    List.of(vault.vaultOrigin() + "/detokenize", Api.of(token)));
            assertThat(got.contains("downloadUrl")).as(got).isEqualTo(!defended);
        }
    }

    /** The defence: {@code frame-ancestors} must allow every page around the frame, not only the one that embeds it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSiblingEmbedsAPageOfTheShopThatEmbedsTheFrame(boolean defended) {
        vault.shop.serve("/embeds", "<iframe src=\"" + vault.frameUrl("Input") + "\"></iframe>");
        vault.shop.serve("/around", "<iframe src=\"" + vault.shopOrigin() + "/embeds\"></iframe>");
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            // Without its defence, the sibling would be as the shop is, which may embed the frame.
            page.page.navigate((defended ? vault.siblingOrigin() : vault.shopOrigin()) + "/around");
            page.page.waitForCondition(() -> page.console().stream().anyMatch(line -> line.contains("frame-ancestors"))
                    || page.page.frames().stream()
                            .anyMatch(frame -> frame.title().equals("Secure input")));
            assertThat(page.page.frames().stream().map(Frame::url).anyMatch(url -> url.startsWith(vault.vaultOrigin())))
                    .isEqualTo(!defended);
        }
    }

    /** The defence: the frame takes a port from its parent only, and only from an allowed origin. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAdvertisementBesideTheFrameSendsItAPortOfItsOwn(boolean defended) {
        vault.shop.serve("/advertisement", "<script>" + SEND_PORT + "</script>");
        vault.shop.serve(
                "/hostile",
                "<iframe src=\"" + vault.frameUrl("Paragraph") + "\"></iframe><iframe name=advertisement src=\""
                        + vault.strangerOrigin() + "/advertisement\"></iframe><script>" + SEND_PORT + "</script>");
        try (BrowserContext user = vault.user("session-1")) {
            if (!defended) {
                user.route(
                        WithoutDefence.FRAME_SCRIPT,
                        route -> WithoutDefence.changed(
                                route, "event.source !== frame.parent || event.origin !== address.origin", "false"));
            }
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/hostile");
            Frame advertisement = page.page.frame("advertisement");
            advertisement.evaluate("() => send(parent.frames[0], {}, " + (defended ? 2_000 : 30_000) + ")");
            assertThat(page.page.evaluate("() => send(frames[0], {}, " + (defended ? 30_000 : 2_000) + ")"))
                    .as("the page's own port")
                    .isEqualTo(defended);
            assertThat(advertisement.evaluate("() => got.length > 0")).isEqualTo(!defended);
        }
    }

    /** The defence: the frame takes a few properties without functions, and its policy forbids pictures and fonts. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thePageStylesTheFrameSoThatItSendsARequestElsewhere(boolean defended) {
        vault.shop.serve(
                "/hostile",
                "<iframe src=\"" + vault.frameUrl("Input") + "\"></iframe><script>" + SEND_PORT + "</script>");
        try (BrowserContext user = vault.user("session-1")) {
            if (!defended) {
                user.route(
                        WithoutDefence.FRAME_SCRIPT,
                        route -> WithoutDefence.changed(
                                route, ".filter(([name, value]) => PROPERTIES.includes(name) && isPlain(value))", ""));
                user.route(
                        "**/frame?*",
                        route -> WithoutDefence.withHeaders(
                                route, Map.of("content-security-policy", "default-src * 'unsafe-inline'")));
            }
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/hostile");
            assertThat(page.page.evaluate("(style) => send(frames[0], { style })", styles()))
                    .isEqualTo(true);
            page.frame("Input").locator("input").fill(SECRET);
            BooleanSupplier leaks = () ->
                    page.requests().stream().anyMatch(request -> request.url().contains("/leak"));
            if (!defended) page.page.waitForCondition(leaks);
            assertThat(leaks.getAsBoolean()).as("a request to the stranger").isEqualTo(!defended);
        }
    }

    private static Map<String, String> styles() {
        String url = "url(" + vault.strangerOrigin() + "/leak)";
        return Map.of(
                "background-image", url,
                "backgroundImage", url,
                "color", "red; background: " + url,
                "font-family", "a, " + url,
                "border-color", url,
                "cursor", url + ", auto",
                "--x", url);
    }

    /** The defence: a click counts if the browser trusts it and sees the button, with nothing over it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thePageMakesItsUserClickThroughAPictureOverTheFrame(boolean defended) {
        vault.shop.serve("/hostile", vault.page("<secure-text reveal></secure-text>" + PICTURE));
        try (BrowserContext user = vault.user("session-1")) {
            if (!defended) {
                user.route(
                        WithoutDefence.FRAME_SCRIPT,
                        route -> WithoutDefence.changed(route, "event.isTrusted && isVisible", "true"));
            }
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/hostile");
            page.page.evaluate("(token) => { document.querySelector('secure-text').token = token; }", token);
            Frame frame = page.frame("Paragraph");
            frame.locator("button").first().click();
            page.page.waitForCondition(() -> frame.getByText(SECRET).count() > 0
                    || (boolean) page.page.evaluate("() => window.codes.includes('covered')"));
            assertThat(frame.getByText(SECRET).count() > 0).isEqualTo(!defended);
        }
    }

    private static final String PICTURE =
            "<div style=\"position: fixed; inset: 0; background: white; pointer-events: none\">"
                    + "Click here to win</div><script>const codes = window.codes = [];"
                    + " addEventListener('error', ({ detail }) => codes.push(detail?.code), true);</script>";

    /** The defence: the page learns a state once, and not how often it is reached. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thePageCountsMessagesToLearnHowLongTheSecretIs(boolean defended) {
        vault.shop.serve(
                "/hostile",
                "<iframe src=\"" + vault.frameUrl("Input") + "\"></iframe><script>" + SEND_PORT + "</script>");
        try (BrowserContext user = vault.user("session-1")) {
            if (!defended) {
                user.route(
                        WithoutDefence.FRAME_SCRIPT,
                        route -> WithoutDefence.changed(route, "if (text === this.#last) return;", ""));
            }
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/hostile");
            assertThat(page.page.evaluate("() => send(frames[0])")).isEqualTo(true);
            page.frame("Input").locator("input").pressSequentially(SECRET);
            page.frame("Input").locator("input").blur();
            page.page.waitForFunction("() => got.some((message) => message.name === 'blur')");
            int changes = (int) page.page.evaluate("() => got.filter((message) => message.type === 'change').length");
            assertThat(changes >= SECRET.length()).as("%s messages", changes).isEqualTo(!defended);
        }
    }
}
