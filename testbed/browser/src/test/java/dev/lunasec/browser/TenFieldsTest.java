package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How long a page with ten fields takes until all of them can be used, beside a page with ten empty frames. */
@Tag("full")
class TenFieldsTest {
    private static final int LOADS = 7;
    private static final String MEASURED = """
            async () => {
              const began = performance.now();
              const elements = [...Array(10)].map(() => document.createElement(NAME));
              const used = elements.map((element) => WAIT);
              document.body.append(...elements);
              await Promise.all(used);
              return performance.now() - began;
            }""";

    @AutoClose
    private static BrowserVault vault;

    @BeforeAll
    static void start() {
        vault = BrowserVault.onTheSameSite();
        vault.shop.serve("/fields", vault.page(""));
    }

    @Test
    void tenFieldsAreUsableSoonAfterTenEmptyFrames() {
        List<Double> fields = new ArrayList<>();
        List<Double> frames = new ArrayList<>();
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            for (int load = 0; load < LOADS; load++) {
                frames.add(measure(
                        page,
                        "'iframe'",
                        "new Promise((resolve) => { element.src = '" + vault.vaultOrigin()
                                + "/health'; element.onload = resolve; })"));
                fields.add(measure(page, "'secure-input'", "element.ready"));
            }
        }
        double first = fields.getFirst();
        Collections.sort(fields);
        Collections.sort(frames);
        double median = fields.get(LOADS / 2);
        double plain = frames.get(LOADS / 2);
        System.out.printf(
                "ten fields: %.0f ms (first %.0f ms), ten empty frames: %.0f ms, ratio %.1f%n",
                median, first, plain, median / plain);
        assertThat(median / plain)
                .as("time of ten fields, ratio to ten empty frames")
                .isLessThan(10);
    }

    private static double measure(WatchedPage page, String name, String wait) {
        page.page.navigate(vault.shopOrigin() + "/fields");
        page.page.waitForFunction("() => customElements.get('secure-input')");
        Object millis = page.page.evaluate(MEASURED.replace("NAME", name).replace("WAIT", wait));
        return ((Number) millis).doubleValue();
    }
}
