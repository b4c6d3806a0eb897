package dev.lunasec.browser;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.ImmutableCapabilities;
import org.opentest4j.TestAbortedException;

/**
 * The small browser of WebKitGTK on a virtual display, and WebKitWebDriver: those on the path, else those of Debian,
 * which this class installs as root.
 */
final class WebKit {
    private static final String NAME = "MiniBrowser";

    private WebKit() {}

    /**
     * Starts it.
     *
     * @throws TestAbortedException when it cannot be had on this machine
     */
    static WebDriverBrowser start() {
        return start(false);
    }

    /**
     * The same. It speaks HTTPS alone, every name leads to this host, and it accepts all certificates.
     *
     * @throws TestAbortedException when it cannot be had on this machine
     */
    static WebDriverBrowser startOverHttps() {
        return start(true);
    }

    private static WebDriverBrowser start(boolean overHttps) {
        Path driver = installed("WebKitWebDriver", "webkit2gtk-driver");
        VirtualDisplay display = new VirtualDisplay(installed("Xvfb", "xvfb"));
        Map<String, String> environment = new HashMap<>(Map.of("DISPLAY", display.name()));
        if (!overHttps) {
            return new WebDriverBrowser(
                    driver, environment, new ImmutableCapabilities("browserName", NAME), display::close);
        }
        LoopbackProxy proxy = new LoopbackProxy();
        // Not as a capability: WebKitWebDriver would speak TLS also with the proxy, and refuse its certificate.
        environment.putAll(proxy.environment());
        return new WebDriverBrowser(
                driver,
                environment,
                new ImmutableCapabilities("browserName", NAME, "acceptInsecureCerts", true),
                () -> {
                    proxy.close();
                    display.close();
                });
    }

    private static Path installed(String program, String debianPackage) {
        return Programs.findOrInstall(List.of(program), debianPackage)
                .orElseThrow(() -> new TestAbortedException(program
                        + " could not be installed; install it, for example with: apt-get install " + debianPackage));
    }
}
