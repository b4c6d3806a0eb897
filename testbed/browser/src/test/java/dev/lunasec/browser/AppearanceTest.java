package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The components fit into pages of each width, direction and color scheme; pictures of them go to target/screenshots. */
@Tag("browser")
class AppearanceTest {
    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final String STYLE = """
            <style>
              :root { color-scheme: light dark; font: 16px sans-serif; }
              body { max-width: 30em; margin: 1em auto; padding: 0 1em; }
              label { display: block; margin-top: 1em; }
              secure-input, secure-textarea, secure-card, secure-upload {
                display: block; border: 1px solid GrayText; border-radius: 6px; padding: 6px; background: Field; }
            </style>""";
    private static final String FIELDS = """
            <form>
              <label>E-mail <secure-input name="mail" validator="Email" placeholder="you@example.com"></secure-input></label>
              <label>Note <secure-textarea name="note"></secure-textarea></label>
              <label>Card <secure-card name="card" required></secure-card></label>
              <label>Passport <secure-upload name="scan" multiple></secure-upload></label>
              <p>Your text: <secure-text reveal copy></secure-text></p>
            </form>""";

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
    void noComponentIsWiderThanItsPageOrWithoutHeight(String scheme, int width, String direction) {
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            page.page.emulateMedia(new Page.EmulateMediaOptions()
                    .setColorScheme(ColorScheme.valueOf(scheme.toUpperCase(Locale.ROOT))));
            page.page.setViewportSize(width, 1000);
            page.page.navigate(vault.shopOrigin() + "/fields");
            page.page.evaluate("(direction) => { document.dir = direction; }", direction);
            page.page.evaluate(
                    "(token) => { document.querySelector('secure-text').token = token;"
                            + " return Promise.all([...document.querySelectorAll('form *')].map(({ ready }) => ready)); }",
                    token);
            save(page, scheme, width, direction, "empty");
            Frame mail = page.frame("Input");
            mail.locator("input").fill("nobody");
            mail.locator("input").blur();
            page.frame("TextArea").locator("textarea").fill("one line\nand another");
            page.frame("Card").locator("[autocomplete=cc-number]").pressSequentially("4242424242424242");
            show(page);
            page.page.waitForFunction("() => document.querySelector('secure-input').matches(':invalid')");
            save(page, scheme, width, direction, "filled");
            List<?> wrong = (List<?>) page.page.evaluate("() => [...document.querySelectorAll('form *')]"
                    + ".filter((element) => element.shadowRoot)"
                    + ".map((element) => [element.localName, element.getBoundingClientRect()])"
                    + ".filter(([, box]) => box.height < 16 || box.left < 16 || box.right > innerWidth - 16)"
                    + ".map(([name]) => name)");
            assertThat(wrong).isEmpty();
            assertThat(page.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
        }
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

    private static void save(WatchedPage page, String scheme, int width, String direction, String state) {
        String name = String.join("-", scheme, String.valueOf(width), direction, state) + ".png";
        page.page.screenshot(
                new Page.ScreenshotOptions().setPath(PICTURES.resolve(name)).setFullPage(true));
    }
}
