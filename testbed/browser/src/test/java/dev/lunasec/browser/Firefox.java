package dev.lunasec.browser;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openqa.selenium.ImmutableCapabilities;
import org.opentest4j.TestAbortedException;

/**
 * Firefox without a window, and geckodriver: those on the path, else Debian's Firefox, which this class installs as
 * root, and the geckodriver that it builds with Cargo.
 */
final class Firefox {
    /** It blocks the cookies of other sites. */
    static final int BLOCKS_COOKIES = 1;

    /** It keeps the cookies of other sites apart for each site that embeds them, as by default. */
    static final int PARTITIONS_COOKIES = 5;

    /** It takes two minutes on two cores. */
    private static final Duration LONGEST_BUILD = Duration.ofMinutes(15);

    private Firefox() {}

    /**
     * Starts it.
     *
     * @param cookieBehavior one of the constants above
     * @throws TestAbortedException when it cannot be had on this machine
     */
    static WebDriverBrowser start(int cookieBehavior) {
        Path firefox = Programs.findOrInstall(List.of("firefox-esr", "firefox"), "firefox-esr")
                .orElseThrow(() -> new TestAbortedException("Firefox could not be installed; install it, for example"
                        + " with: apt-get install firefox-esr"));
        Path driver = geckodriver()
                .orElseThrow(() -> new TestAbortedException("geckodriver could not be built; install it, for example"
                        + " with: cargo install geckodriver"));
        Map<String, Object> preferences = Map.of(
                "network.cookie.cookieBehavior",
                cookieBehavior,
                // Otherwise Firefox sets the preference above to what its level of protection says.
                "browser.contentblocking.category",
                "custom");
        Map<String, Object> options =
                Map.of("binary", firefox.toString(), "args", List.of("-headless"), "prefs", preferences);
        return new WebDriverBrowser(
                driver,
                Map.of(),
                new ImmutableCapabilities("browserName", "firefox", "moz:firefoxOptions", options),
                () -> {});
    }

    private static Optional<Path> geckodriver() {
        Optional<Path> found = Programs.find(List.of("geckodriver"));
        if (found.isPresent()) return found;
        Path folder = Programs.cache();
        Path built = folder.resolve("bin").resolve("geckodriver");
        // Without optimizations, because they would take longer than all tests that use it.
        List<String> build =
                List.of("cargo", "install", "--locked", "--debug", "--root", folder.toString(), "geckodriver");
        if (built.toFile().canExecute() || Programs.run(LONGEST_BUILD, build)) return Optional.of(built);
        return Optional.empty();
    }
}
