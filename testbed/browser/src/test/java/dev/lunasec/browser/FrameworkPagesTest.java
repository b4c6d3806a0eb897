package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.lunasec.tokenizer.testing.Api;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages with React 19 and Vue 3 use the web components from the file that npm packs. */
@Tag("full")
class FrameworkPagesTest {
    private static final Pattern FORM = Pattern.compile("(\\w+)=(lunasec-[0-9a-f-]{36})");
    private static final String SECRET = "canary C01X00T47";
    /** The sentence for an empty field, as the pages set it with the property {@code texts}. */
    private static final String EMPTY = "Bitte ausfüllen.";

    private static final String PAGE = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>
            <link rel="icon" href="data:,"><body data-vault="%s"><div id="root">%s</div>
            <script type="module" src="/%s.js"></script></body></html>""";

    @AutoClose
    private static BrowserVault vault;

    private static Map<String, String> files;

    @BeforeAll
    static void build() throws IOException {
        files = FrameworkPages.build();
        vault = BrowserVault.onTheSameSite();
        files.forEach((name, content) -> vault.shop.serve("/" + name, content));
        for (String name : List.of("react", "vue", "hydrated")) {
            vault.shop.serve("/" + name, page(name, files.getOrDefault(name + ".html", "")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"react", "vue"})
    void theShopGetsTokensAndThePageShowsAStoredValue(String framework) {
        try (BrowserContext user = vault.user("session-1")) {
            user.addInitScript(WatchedPage.LISTENER);
            WatchedPage page = open(user, framework);
            input(page, "passport").fill(SECRET);
            input(page, "licence").fill("B 072");
            waitForStatuses(page, "filled", 2);
            button(page, "Send").click();
            page.page
                    .frameLocator("secure-text iframe")
                    .locator("text=" + SECRET)
                    .waitFor();

            String form = URLDecoder.decode(vault.shop.forms().getLast(), StandardCharsets.UTF_8);
            List<MatchResult> sent = FORM.matcher(form).results().toList();
            assertThat(sent.stream().map(field -> field.group(1))).containsExactly("passport", "licence");
            assertThat(sent.stream().map(field -> new String(vault.stored(field.group(2)), StandardCharsets.UTF_8)))
                    .containsExactly(SECRET, "B 072");
            assertThat(form).doesNotContain(SECRET, "072");
            assertThat(country(sent.getFirst().group(2))).isEqualTo("DE");
            assertThat(page.placesWith(SECRET)).isEmpty();
            // Both pages reset the form.
            waitForStatuses(page, EMPTY + ", stored", 2);
            assertThat(input(page, "passport").inputValue()).isEmpty();
            assertNoComplaints(page);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"react", "vue"})
    void eachFieldHasOneFrameAfterItWasMovedRemovedAndAdded(String framework) {
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = open(user, framework);
            input(page, "passport").fill("1");
            input(page, "licence").fill("2");
            waitForStatuses(page, "filled", 2);
            waitForFrames(page, 2);
            if (framework.equals("react")) {
                assertThat(page.page.evaluate("() => document.body.dataset.mounts"))
                        .as("mounts by StrictMode")
                        .isEqualTo("2");
            }

            button(page, "Reverse").click();
            assertThat(page.page.locator("secure-input").first().getAttribute("name"))
                    .isEqualTo("licence");
            // One of the two was moved, and the browser loads its frame again.
            waitForStatuses(page, EMPTY, 1);
            waitForFrames(page, 2);

            button(page, "Remove").click();
            waitForFrames(page, 1);
            button(page, "Add").click();
            waitForFrames(page, 2);
            input(page, "licence").fill("3");
            input(page, "passport").fill("4");
            waitForStatuses(page, "filled", 2);
            button(page, "Send").click();
            waitForStatuses(page, EMPTY + ", stored", 2);
            waitForFrames(page, 3);
            assertNoComplaints(page);
        }
    }

    /** frame/README.md says so. If it changes with a new version of React, its sentence goes. */
    @Test
    void afterHydrationReactKnowsOnlyTheFieldThatTheBrowserRendered() {
        assertThat(files.get("hydrated.html")).isEqualTo("<secure-input name=\"of-server\"></secure-input>");
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = open(user, "hydrated");
            input(page, "of-server").fill("1");
            page.page.waitForFunction("() => document.querySelector('[name=of-server]').matches(':state(complete)')");
            assertThat(page.page.evaluate("() => document.body.dataset.heard")).isNull();
            assertThat(page.page.evaluate("() => document.querySelector('[name=of-server]').texts"))
                    .isNull();

            input(page, "of-browser").fill("2");
            page.page.waitForFunction("() => document.body.dataset.heard === 'of-browser'");
            assertThat(page.page.evaluate("() => document.querySelector('[name=of-browser]').texts"))
                    .isEqualTo(Map.of("required", EMPTY));
            waitForFrames(page, 2);
            assertNoComplaints(page);
        }
    }

    private static String page(String name, String content) {
        return PAGE.formatted(vault.vaultOrigin(), content, name);
    }

    private static WatchedPage open(BrowserContext user, String name) {
        WatchedPage page = new WatchedPage(user);
        page.page.navigate(vault.shopOrigin() + "/" + name);
        return page;
    }

    /** What the user types into, in the frame of a field. */
    private static Locator input(WatchedPage page, String name) {
        return page.page.frameLocator("secure-input[name=" + name + "] iframe").locator("input");
    }

    private static Locator button(WatchedPage page, String text) {
        return page.page.locator("button", new Page.LocatorOptions().setHasText(text));
    }

    /** Waits until that many fields have a status, which the page has from events. */
    private static void waitForStatuses(WatchedPage page, String status, int fields) {
        Locator statuses = page.page.locator("output:text-is('" + status + "')");
        page.page.waitForCondition(() -> statuses.count() == fields);
    }

    private static void waitForFrames(WatchedPage page, int frames) {
        page.page.waitForCondition(() -> page.page.frames().size() == 1 + frames);
    }

    private static void assertNoComplaints(WatchedPage page) {
        assertThat(page.console()).noneMatch(line -> line.matches("(?s)(error|uncaught): .*|.*\\[Vue warn].*"));
    }

    /** The custom field of a token that the pages set with the property {@code metadata}. */
    private static String country(String token) {
        return vault.vault
                .api()
                .post("/metadata/get", vault.vault.user(), Api.of(token))
                .data()
                .at("/metadata/customFields/country")
                .asText();
    }
}
