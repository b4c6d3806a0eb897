package dev.lunasec.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.BrowserType.LaunchPersistentContextOptions;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A headless Chromium. */
final class Chromium implements AutoCloseable {
    private static final int PAGE_DEADLINE_MILLIS = 60_000;

    final Browser browser;
    private final Optional<Path> binary;
    private final Playwright playwright;

    Chromium(List<String> arguments) {
        binary = ChromiumBinary.find();
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        LaunchOptions options = new LaunchOptions().setArgs(arguments);
        binary.ifPresent(options::setExecutablePath);
        browser = playwright.chromium().launch(options);
    }

    /** A new browser profile. */
    BrowserContext visitor() {
        return patient(browser.newContext());
    }

    /** A browser of its own, whose profile is written to a folder as that of a person is. */
    BrowserContext visitorOnDisk(Path folder) {
        LaunchPersistentContextOptions options = new LaunchPersistentContextOptions();
        binary.ifPresent(options::setExecutablePath);
        return patient(playwright.chromium().launchPersistentContext(folder, options));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }

    private static BrowserContext patient(BrowserContext context) {
        context.setDefaultTimeout(PAGE_DEADLINE_MILLIS);
        return context;
    }
}
