package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Route;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a form sends, and what its fields do meanwhile. */
@Tag("browser")
class SubmitInBrowserTest {
    private static final String FORM = "<secure-form><form action=\"/form\" method=\"post\">"
            + "<secure-input name=\"passport\" required></secure-input><secure-card name=\"card\"></secure-card>"
            + "<secure-upload name=\"scan\" required></secure-upload>"
            + "<button>Send</button><button formnovalidate name=\"draft\" value=\"yes\">Save draft</button>"
            + "</form></secure-form>";

    @AutoClose
    private static BrowserVault vault;

    @BeforeAll
    static void start() {
        vault = BrowserVault.onTheSameSite();
        vault.shop.serve("/details", vault.page(FORM));
    }

    @Test
    void aDraftIsSentWithoutTheFieldsThatAreEmpty() {
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = open(user);
            page.page.getByText("Save draft").click();
            page.page.waitForURL("**/form");
            assertThat(vault.shop.forms().getLast()).isEqualTo("draft=yes");

            page = open(user);
            page.frame("Input").locator("input").fill("X1234567");
            page.page.getByText("Save draft").click();
            page.page.waitForURL("**/form");
            String sent = URLDecoder.decode(vault.shop.forms().getLast(), StandardCharsets.UTF_8);
            assertThat(sent).matches("passport=lunasec-[0-9a-f-]{36}&draft=yes");
            String token = sent.replaceFirst("passport=", "").replaceFirst("&.*", "");
            assertThat(vault.stored(token)).asString().isEqualTo("X1234567");
        }
    }

    /** The window gets another size, so the page tells the frame its styles again, while the store has not answered. */
    @Test
    void aFieldWhoseValueIsBeingStoredStaysLockedWhenTheWindowChanges() {
        AtomicReference<Route> held = new AtomicReference<>();
        vault.shop.serve(
                "/resized",
                vault.page("<style>@media (max-width: 500px) { secure-input { color: rgb(200, 0, 0) } }</style>"
                        + "<secure-input></secure-input>"));
        try (BrowserContext user = vault.user("session-1")) {
            user.route(url -> url.contains("X-Amz-Signature"), held::set);
            WatchedPage page = new WatchedPage(user);
            page.page.setViewportSize(800, 600);
            page.page.navigate(vault.shopOrigin() + "/resized");
            Frame frame = page.frame("Input");
            frame.locator("input").fill("X1234567");
            page.page.evaluate("() => { window.stored = document.querySelector('secure-input').commit(); }");
            page.page.waitForCondition(() -> held.get() != null);
            page.page.setViewportSize(400, 600);
            frame.waitForFunction("() => getComputedStyle(document.querySelector('.root').shadowRoot"
                    + ".querySelector('input')).color === 'rgb(200, 0, 0)'");
            assertThat(frame.locator("input").evaluate("(input) => input.readOnly"))
                    .isEqualTo(true);
            Objects.requireNonNull(held.get()).resume();
            page.page.evaluate("() => window.stored");
            assertThat(frame.locator("input").evaluate("(input) => input.readOnly"))
                    .isEqualTo(false);
        }
    }

    private static WatchedPage open(BrowserContext user) {
        WatchedPage page = new WatchedPage(user);
        page.page.navigate(vault.shopOrigin() + "/details");
        page.page.evaluate("() => Promise.all([...document.querySelectorAll('form *')].map(({ ready }) => ready))");
        return page;
    }
}
