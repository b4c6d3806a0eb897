package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The components fit into pages of each width, direction and color scheme, and can be read; pictures of them go to
 * target/screenshots.
 */
@Tag("browser")
class AppearanceTest {
    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final String STYLE = """
            <style>
              :root { color-scheme: light dark; font: 16px sans-serif; }
              main { max-width: 30em; margin: 1em auto; padding: 0 1em; }
              label { display: block; margin-top: 1em; }
              secure-input, secure-textarea, secure-card, secure-upload {
                display: block; border: 1px solid GrayText; border-radius: 6px; padding: 6px; background: Field; }
            </style>""";
    private static final String FIELDS = """
            <main>
              <h1>Sign up</h1>
              <form>
                <label>E-mail
                  <secure-input name="mail" validator="Email" placeholder="you@example.com" required></secure-input>
                </label>
                <label>Note <secure-textarea name="note"></secure-textarea></label>
                <label>Card <secure-card name="card" fields="number expiry cvc name" required></secure-card></label>
                <label>Passport <secure-upload name="scan" multiple max-size="10"></secure-upload></label>
                <p>Your text: <secure-text reveal copy></secure-text></p>
                <p>Your file: <secure-download></secure-download></p>
              </form>
            </main>""";
    private static final String ALL = "[...document.querySelectorAll('form *')].filter(({ ready }) => ready)";

    @TempDir
    static Path folder;

    @AutoClose
    private static BrowserVault vault;

    private static String token;

    @BeforeAll
    static void start() {
        vault = BrowserVault.onTheSameSite();
        vault.shop.serve("/fields", vault.page(STYLE + FIELDS));
        token = vault.vault.api().store(vault.vault.user(), "a stored text".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"light, 800, ltr", "dark, 800, ltr", "light, 320, ltr", "dark, 320, rtl"})
    void eachComponentFitsAndCanBeReadInEachState(String scheme, int width, String direction) throws IOException {
        String look = String.join("-", scheme, String.valueOf(width), direction);
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            page.page.emulateMedia(new Page.EmulateMediaOptions()
                    .setColorScheme(ColorScheme.valueOf(scheme.toUpperCase(Locale.ROOT))));
            page.page.setViewportSize(width, 1000);
            page.page.navigate(vault.shopOrigin() + "/fields");
            page.page.evaluate("(direction) => { document.dir = direction; }", direction);
            page.page.evaluate(
                    "(token) => { for (const name of ['text', 'download'])"
                            + " document.querySelector('secure-' + name).token = token;"
                            + " return Promise.all(" + ALL + ".map(({ ready }) => ready)); }",
                    token);
            page.frame("Downloader").locator("button:enabled").waitFor();
            check(page, look, "empty");

            fillIn(page, "nobody", "4242424242424241", "a scan of twenty b..");
            page.frame("Uploader").getByText("This file is too large").waitFor();
            page.page.waitForFunction("() => document.querySelectorAll('form :invalid').length === 2");
            check(page, look, "error");

            fillIn(page, "ada@example.com", "4242424242424242", "a scan");
            show(page);
            page.page.evaluate("() => Promise.all(" + ALL + ".map((element) => element.commit()))");
            check(page, look, "filled");

            // Nothing answers, so the fields stay busy.
            user.route(url -> url.contains("X-Amz-Signature"), route -> {});
            fillIn(page, "ada@example.com", "4000056655665556", "more");
            page.page.evaluate("() => { for (const element of " + ALL + ") element.commit().catch(() => {}); }");
            page.frame("Card").locator("[aria-busy=true]").waitFor();
            check(page, look, "busy");
        }
    }

    private static void fillIn(WatchedPage page, String mail, String number, String scan) throws IOException {
        page.frame("Input").locator("input").fill(mail);
        page.frame("TextArea").locator("textarea").fill("one line\nand another for " + mail);
        Frame card = page.frame("Card");
        card.locator("#number").fill("");
        card.locator("#number").pressSequentially(number);
        card.locator("#expiry").fill("12/40");
        card.locator("#cvc").fill("123");
        card.locator("#name").fill("Ada Example");
        card.locator("#name").blur();
        page.frame("Uploader").locator("input").setInputFiles(Files.writeString(folder.resolve("scan.png"), scan));
    }

    /** A click counts only after the browser has looked whether the button is visible. */
    private static void show(WatchedPage page) {
        Frame view = page.frame("Paragraph");
        page.page.waitForCondition(() -> {
            if (view.getByText("a stored text").isVisible()) return true;
            view.locator("button").first().click();
            return false;
        });
    }

    private static void check(WatchedPage page, String look, String state) {
        page.page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve(look + "-" + state + ".png"))
                .setFullPage(true));
        List<?> wrong = (List<?>) page.page.evaluate("() => " + ALL
                + ".map((element) => [element.localName, element.getBoundingClientRect()])"
                + ".filter(([, box]) => box.height < 16 || box.left < 16 || box.right > innerWidth - 16)"
                + ".map(([name]) => name)");
        assertThat(wrong).isEmpty();
        assertThat(page.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
        assertThat((List<?>) page.frame("Card")
                        .evaluate("() => [...document.querySelectorAll('label')]"
                                + ".filter((label) => label.scrollWidth > label.clientWidth)"
                                + ".map((label) => label.textContent)"))
                .as("labels that are cut off")
                .isEmpty();
        assertThat(Accessibility.problems(page.page)).as(state).isEmpty();
    }
}
