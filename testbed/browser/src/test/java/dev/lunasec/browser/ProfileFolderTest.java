package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A browser writes to disk what its user typed, to restore the pages of a session and to complete fields. None of it is
 * of the secure frame.
 */
@Tag("browser")
class ProfileFolderTest {
    /** Each is typed into one field. */
    private static final List<String> TYPED = List.of("canary-of-a-line", "canary-of-a-text", "canary-of-a-card");

    @AutoClose
    private static BrowserVault vault;

    @BeforeAll
    static void start() {
        vault = BrowserVault.onTheSameSite();
        vault.shop.serve(
                "/secure",
                vault.page(
                        "<secure-form><form action=\"/form\" method=\"post\"><secure-input name=\"a\"></secure-input>"
                                + "<secure-textarea name=\"b\"></secure-textarea>"
                                + "<secure-card name=\"c\" fields=\"name\"></secure-card>"
                                + "<button>Send</button></form></secure-form>"));
        vault.shop.serve(
                "/plain",
                vault.page("<form action=\"/form\" method=\"post\"><input name=\"a\"><textarea name=\"b\"></textarea>"
                        + "<input name=\"c\" id=\"name\"><button>Send</button></form>"));
        vault.shop.serve("/next", vault.page("<p>Next</p>"));
    }

    /** The page with plain fields shows that the test would notice. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theProfileFolderHoldsNothingThatWasTypedIntoAFrame(boolean secure, @TempDir Path folder) throws IOException {
        try (BrowserContext user = vault.userOnDisk(folder, "session-1")) {
            WatchedPage page = new WatchedPage(user);
            for (boolean sends : new boolean[] {false, true}) {
                page.page.navigate(vault.shopOrigin() + (secure ? "/secure" : "/plain"));
                if (secure) fillFrames(page);
                else fillFields(page.page);
                if (sends) {
                    page.page.getByText("Send").click();
                    page.page.waitForURL("**/form");
                } else {
                    page.page.navigate(vault.shopOrigin() + "/next");
                }
            }
            page.page.navigate(vault.shopOrigin() + "/next");
        }
        List<String> found = filesWithTypedText(folder);
        assertThat(found.isEmpty()).as("files that hold it: %s", found).isEqualTo(secure);
    }

    private static void fillFrames(WatchedPage page) {
        page.page.evaluate("() => Promise.all([...document.querySelectorAll('form *')].map(({ ready }) => ready))");
        page.frame("Input").locator("input").fill(TYPED.get(0));
        page.frame("TextArea").locator("textarea").fill(TYPED.get(1));
        page.frame("Card").locator("#name").fill(TYPED.get(2));
    }

    private static void fillFields(Page page) {
        page.locator("[name=a]").fill(TYPED.get(0));
        page.locator("[name=b]").fill(TYPED.get(1));
        page.locator("#name").fill(TYPED.get(2));
    }

    private static List<String> filesWithTypedText(Path folder) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] content = Files.readAllBytes(file);
                // Browsers write texts in one byte for each character, or in two.
                String bytes = new String(content, StandardCharsets.ISO_8859_1).replace("\0", "");
                if (TYPED.stream().anyMatch(bytes::contains))
                    found.add(folder.relativize(file).toString());
            }
        }
        return found;
    }
}
