package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Frame.GetByTextOptions;
import com.microsoft.playwright.Page;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A hostile script of the shop's own page measures and draws the frames from outside, and learns nothing of the value.
 * As in {@link HostilePageTest}, each attack runs again without its defence, and then succeeds.
 */
@Tag("browser")
class HostileObserverTest {
    private static final String SECRET = "canary 4111 1111";
    private static final String SEND_PORT = Script.read("send-port.js");

    private static final String KEEP_EVENTS = """
        <script>
          const events = window.events = [];
          for (const name of ['ready', 'change', 'token', 'progress', 'focus', 'blur', 'error'])
            addEventListener(name, ({ detail }) => events.push(name + JSON.stringify(detail ?? null)), true);
        </script>\
        """;

    /** What the frame could tell of a length, and the line of its script that keeps it silent. */
    private enum Told {
        NOTHING("", ""),
        PROGRESS(
                "new Blob([this.value()]), description)",
                "new Blob([this.value()]), description, { onBytes: (sent) => this.host.progress(sent) })"),
        SHOWN("this.#state('', text);", "this.#state('', text); this.host.progress(text.length);");

        private final String silent;
        private final String telling;

        Told(String silent, String telling) {
            this.silent = silent;
            this.telling = telling;
        }
    }

    @AutoClose
    private static BrowserVault vault;

    @BeforeAll
    static void start() {
        vault = BrowserVault.onTheSameSite();
        vault.shop.serve("/empty", "");
    }

    /**
     * The page stores and shows a short secret and a longer one, and compares all that it can measure. The defence: the
     * size of a frame is the page's choice, browsers tell a page nothing of the requests of a frame of another origin,
     * and the frame tells the progress of files only.
     */
    @ParameterizedTest
    @EnumSource(Told.class)
    void thePageMeasuresFramesToLearnHowLongTheSecretIs(Told told) {
        vault.shop.serve(
                "/measured", vault.page(KEEP_EVENTS + "<secure-input></secure-input><secure-text></secure-text>"));
        boolean defended = told == Told.NOTHING;
        String[] measured = new String[2];
        for (int secret = 0; secret < 2; secret++) {
            try (BrowserContext user = vault.user("session-1")) {
                user.addInitScript(WatchedPage.LISTENER);
                if (!defended) {
                    user.route(
                            WithoutDefence.FRAME_SCRIPT,
                            route -> WithoutDefence.changed(route, told.silent, told.telling));
                }
                measured[secret] = measure(new WatchedPage(user), secret == 0 ? "1" : SECRET);
            }
        }
        assertThat(measured[0]).contains("resource", "ready", "change").doesNotContain(SECRET);
        assertThat(measured[0].equals(measured[1]))
                .as("%s%n%s", measured[0], measured[1])
                .isEqualTo(defended);
    }

    private static String measure(WatchedPage page, String secret) {
        page.page.navigate(vault.shopOrigin() + "/measured");
        page.page.evaluate(
                "() => Promise.all([...document.querySelectorAll('secure-input, secure-text')].map(({ ready }) =>"
                        + " ready))");
        page.frame("Input").locator("input").fill(secret);
        String token = (String) page.page.evaluate("() => document.querySelector('secure-input').commit()");
        page.page.evaluate("(token) => { document.querySelector('secure-text').token = token; }", token);
        page.frame("Paragraph")
                .getByText(secret, new GetByTextOptions().setExact(true))
                .waitFor();
        return (String) page.page.evaluate(Script.read("measure-frames.js"));
    }

    /** The defence: the value stands in a frame of another origin. The page draws a text of its own, as a control. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thePageDrawsAPictureOfWhatItsUserSees(boolean defended) {
        vault.shop.serve("/drawn", vault.page("<secure-text></secure-text><p>" + SECRET + "</p>"));
        String token = vault.vault.api().store(vault.vault.user(), SECRET.getBytes(StandardCharsets.UTF_8));
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/drawn");
            page.page.evaluate("(token) => { document.querySelector('secure-text').token = token; }", token);
            page.frame("Paragraph").getByText(SECRET).waitFor();
            Page shop = page.page;
            Object seen = shop.evaluate(
                    Script.read("draw-element.js"),
                    shop.locator(defended ? "secure-text iframe" : "body > p").elementHandle());
            assertThat(seen.toString().equals("[]"))
                    .as("ways that showed it: %s", seen)
                    .isEqualTo(defended);
        }
    }

    /** The defence: the frame keeps a value in the memory of its document, and in nothing that outlives it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thePageLeadsTheFrameAwayAndLooksWhatIsLeftInItsWindow(boolean defended) {
        vault.shop.serve(
                "/hostile",
                "<iframe src=\"" + vault.frameUrl("Input") + "\"></iframe><script>" + SEND_PORT + "</script>");
        try (BrowserContext user = vault.user("session-1")) {
            if (!defended) {
                user.route(
                        WithoutDefence.FRAME_SCRIPT,
                        route -> WithoutDefence.changed(
                                route, "this.hasTyped = true;", "this.hasTyped = true; window.name = this.value();"));
            }
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/hostile");
            assertThat(page.page.evaluate("() => send(frames[0])")).isEqualTo(true);
            Object entries = page.page.evaluate("() => history.length");
            page.frame("Input").locator("input").fill(SECRET);
            assertThat(page.page.evaluate("() => history.length")).isEqualTo(entries);
            String left = (String) page.page.evaluate(
                    Script.read("lead-frame-away.js"),
                    page.page.locator("iframe").elementHandle());
            assertThat(left.contains(SECRET)).as(left).isEqualTo(!defended);
            assertThat(left).doesNotContain("component=");
        }
    }
}
