package dev.lunasec.browser;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.ImmutableCapabilities;
import org.opentest4j.TestAbortedException;

/**
 * The small browser of WebKitGTK on a virtual display, and WebKitWebDriver: those on the path, else those of Debian,
 * which this class installs as root.
 */
final class WebKit {
    private WebKit() {}

    /**
     * Starts it.
     *
     * @throws TestAbortedException when it cannot be had on this machine
     */
    static WebDriverBrowser start() {
        Path driver = installed("WebKitWebDriver", "webkit2gtk-driver");
        VirtualDisplay display = new VirtualDisplay(installed("Xvfb", "xvfb"));
        return new WebDriverBrowser(
                driver,
                Map.of("DISPLAY", display.name()),
                display,
                new ImmutableCapabilities("browserName", "MiniBrowser"));
    }

    private static Path installed(String program, String debianPackage) {
        return Programs.findOrInstall(List.of(program), debianPackage)
                .orElseThrow(() -> new TestAbortedException(program
                        + " could not be installed; install it, for example with: apt-get install " + debianPackage));
    }
}
