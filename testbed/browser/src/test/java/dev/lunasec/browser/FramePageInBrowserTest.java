package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route.FulfillOptions;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A browser shows the page of the frame in pages of the allowed origins, and in no others. */
@Tag("browser")
class FramePageInBrowserTest {
    @AutoClose
    private static BrowserVault vault;

    @BeforeAll
    static void start() {
        vault = BrowserVault.onTheSameSite();
        vault.shop.serve("/embeds", embedding());
    }

    @Test
    void aPageOfAnAllowedOriginShowsTheFrameAndNothingIsBlocked() {
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            Response[] answered = new Response[1];
            page.page.onResponse(response -> {
                if (response.url().contains("/frame?")) answered[0] = response;
            });
            page.page.navigate(vault.shopOrigin() + "/embeds");
            Frame frame = page.page.frame("frame");
            assertThat(frame.url()).startsWith(vault.vaultOrigin() + "/frame?");
            assertThat(frame.title()).isEqualTo("Secure input");
            assertThat(frame.evaluate("() => document.styleSheets.length")).isEqualTo(1);
            assertThat(page.console()).noneMatch(line -> line.contains("Content Security Policy"));
            Map<String, String> headers = answered[0].allHeaders();
            assertThat(headers.get("content-security-policy")).contains("frame-ancestors " + vault.shopOrigin() + "; ");
            assertThat(headers).containsEntry("referrer-policy", "no-referrer").doesNotContainKey("set-cookie");
        }
    }

    @Test
    void aPageOfAnotherOriginDoesNotShowTheFrame() {
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.strangerOrigin() + "/embeds");
            page.page.waitForCondition(
                    () -> page.console().stream().anyMatch(line -> line.contains("frame-ancestors")));
            assertThat(page.page.frames()).noneMatch(frame -> frame.url().startsWith(vault.vaultOrigin()));
        }
    }

    /** While pods are replaced, a file of the page's version may be missing where the browser asks for it. */
    @Test
    void aPageWhoseFilesAreMissingForAWhileLoadsAgainUntilItIsWhole() {
        vault.shop.serve("/field", vault.page("<secure-input></secure-input>"));
        AtomicInteger missing = new AtomicInteger(5);
        try (BrowserContext user = vault.user("session-1")) {
            user.route("**/page/*", route -> {
                if (missing.getAndDecrement() > 0) route.fulfill(new FulfillOptions().setStatus(404));
                else route.resume();
            });
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/field");
            page.page.evaluate("() => document.querySelector('secure-input').ready");
            assertThat(missing.get()).isNegative();
        }
    }

    /** What makes a page with many fields slow is the number of requests of each. */
    @Test
    void aFieldLoadsItsPageOneScriptAndOneStyle() {
        vault.shop.serve("/fields", vault.page("<secure-input></secure-input>".repeat(10)));
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/fields");
            page.page.evaluate(
                    "() => Promise.all([...document.querySelectorAll('secure-input')].map(({ ready }) => ready))");
            assertThat(page.requests().stream().map(Request::url))
                    .filteredOn(url -> url.startsWith(vault.vaultOrigin()) && !url.contains("/frame?"))
                    .map(url -> url.replaceFirst(".*/", ""))
                    .containsOnly("components.js", "frame.css", "frame.js");
        }
    }

    private static String embedding() {
        return "<!doctype html><title>Shop</title><iframe name=frame src=\"" + vault.frameUrl("Input") + "\"></iframe>";
    }
}
