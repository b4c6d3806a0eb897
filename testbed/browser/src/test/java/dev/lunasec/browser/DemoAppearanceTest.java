package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each page of the demo shop fits into narrow and wide windows, and axe-core finds nothing in it and in its frames.
 * Pictures of the pages go to target/screenshots.
 */
@Tag("browser")
class DemoAppearanceTest {
    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final String NUMBER = "4000056655665556";
    private static final String SHOWN = "4000 0566 5566 5556";

    @TempDir
    static Path folder;

    @AutoClose
    private static DemoVault demo;

    private static Path scan;

    @BeforeAll
    static void start() throws IOException {
        demo = new DemoVault(folder);
        scan = Files.writeString(folder.resolve("passport.png"), "a scan");
    }

    @ParameterizedTest
    @CsvSource({"light, 1000", "dark, 320"})
    void eachPageFitsAndIsAccessible(String scheme, int width) {
        try (DemoVisitor customer = visitor("customer", scheme, width);
                DemoVisitor clerk = visitor("clerk", scheme, width)) {
            customer.open("/");
            check(customer, scheme, width, "start");
            customer.open("/sign-up");
            ready(customer);
            check(customer, scheme, width, "sign-up");
            customer.fillIn("Ada Example", NUMBER, scan);
            check(customer, scheme, width, "sign-up-filled");
            customer.press("Sign up");
            customer.page.waitForURL("**/profile");
            ready(customer);
            customer.show("number", SHOWN);
            customer.page.evaluate("() => { document.querySelector('#panel').open = true; }");
            customer.page.locator("#rows code").first().waitFor();
            check(customer, scheme, width, "profile");
            clerk.open("/support");
            ready(clerk);
            clerk.showRefused(DemoVisitor.REFUSED);
            check(clerk, scheme, width, "support-refused");
            customer.press("Let support see my card for ten minutes");
            customer.page.locator("text=Support can see your card until").waitFor();
            clerk.open("/support");
            ready(clerk);
            clerk.show("number", SHOWN);
            check(clerk, scheme, width, "support");
            clerk.open("/nothing");
            check(clerk, scheme, width, "problem");
        }
    }

    private static DemoVisitor visitor(String person, String scheme, int width) {
        DemoVisitor visitor = new DemoVisitor(demo, person);
        visitor.page.emulateMedia(
                new Page.EmulateMediaOptions().setColorScheme(ColorScheme.valueOf(scheme.toUpperCase(Locale.ROOT))));
        visitor.page.setViewportSize(width, 800);
        return visitor;
    }

    private static void ready(DemoVisitor visitor) {
        visitor.page.waitForFunction("() => [...document.querySelectorAll(':not(:defined)')].length === 0"
                + " && document.querySelector('secure-card, secure-text')");
        visitor.page.evaluate("() => Promise.all([...document.querySelectorAll('main *')].map(({ ready }) => ready))");
    }

    private static void check(DemoVisitor visitor, String scheme, int width, String name) {
        Page page = visitor.page;
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve("demo-" + name + "-" + scheme + "-" + width + ".png"))
                .setFullPage(true));
        assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
        assertThat(Accessibility.problems(page)).as(name).isEmpty();
    }
}
