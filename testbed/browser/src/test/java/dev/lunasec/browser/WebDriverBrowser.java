package dev.lunasec.browser;

import static org.awaitility.Awaitility.await;

import dev.lunasec.testbed.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.openqa.selenium.Capabilities;
import org.openqa.selenium.remote.RemoteWebDriver;

/** A browser as Debian ships it, and the running program that drives it by WebDriver. */
final class WebDriverBrowser implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final Process driver;
    private final URI url;
    private final Capabilities capabilities;
    private final Runnable afterwards;

    /**
     * Starts the program.
     *
     * @param environment variables of the program and of the browser
     * @param capabilities of each profile
     * @param afterwards ends what the browser needs; it runs once the browser has ended
     */
    WebDriverBrowser(Path program, Map<String, String> environment, Capabilities capabilities, Runnable afterwards) {
        int port = FreePort.find();
        this.url = URI.create("http://127.0.0.1:" + port);
        this.capabilities = capabilities;
        this.afterwards = afterwards;
        // What it prints has the URLs that the browser loads, and some of them are signed.
        ProcessBuilder builder = new ProcessBuilder(program.toString(), "--host=127.0.0.1", "--port=" + port)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        try {
            driver = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(LONGEST_START).until(this::isReady);
    }

    /** A new profile of the browser. */
    RemoteWebDriver newProfile() {
        try {
            return new RemoteWebDriver(url.toURL(), capabilities, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isReady() throws InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest status = HttpRequest.newBuilder(url.resolve("/status")).build();
            return http.send(status, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        driver.descendants().forEach(ProcessHandle::destroy);
        driver.destroy();
        driver.onExit().join();
        afterwards.run();
    }
}
