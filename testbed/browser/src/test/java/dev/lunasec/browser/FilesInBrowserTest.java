package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.Route.FulfillOptions;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user uploads files, also with the keyboard alone and when the store fails, and saves them again. */
@Tag("browser")
class FilesInBrowserTest {
    private static final String KEEP_PROGRESS = "<script>const percents = window.percents = [];"
            + " addEventListener('progress', ({ detail }) => percents.push(detail.percent), true);</script>";

    /** The pairs of visible parts of the list that cover each other, and the parts that leave it. */
    private static final String OVERLAPS = """
        () => {
          const list = document.querySelector('.upload');
          const bounds = list.getBoundingClientRect();
          const parts = [...list.querySelectorAll('.choose, .refused, li > *')]
            .filter((part) => part.getClientRects().length && part.textContent + part.localName !== 'span');
          const boxes = parts.map((part) => [part.className || part.textContent, part.getBoundingClientRect()]);
          const wrong = boxes.filter(([, box]) => box.left < bounds.left - 1 || box.right > bounds.right + 1)
            .map(([name]) => name + ' leaves the list');
          boxes.forEach(([name, box], place) => boxes.slice(place + 1).forEach(([other, next]) => {
            const width = Math.min(box.right, next.right) - Math.max(box.left, next.left);
            const height = Math.min(box.bottom, next.bottom) - Math.max(box.top, next.top);
            if (width > 1 && height > 1) wrong.push(name + ' covers ' + other);
          }));
          return wrong;
        }\
        """;

    @AutoClose
    private static BrowserVault vault;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        vault = BrowserVault.onTheSameSite();
        vault.shop.serve("/upload", vault.page("<secure-upload required></secure-upload>" + KEEP_PROGRESS));
        vault.shop.serve("/files", vault.page("<secure-upload multiple max-size=\"1000\"></secure-upload>"));
        vault.shop.serve("/scan", vault.page("<secure-download></secure-download>"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 30 << 20})
    void aFileIsUploadedAndSavedAgainWithItsName(int size) throws IOException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        Path file = Files.write(folder.resolve("passport.png"), content);
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/upload");
            page.frame("Uploader").locator("input").setInputFiles(file);
            String token = (String) page.page.evaluate("() => document.querySelector('secure-upload').commit()");
            assertThat(vault.stored(token)).isEqualTo(content);
            List<Integer> percents = percents(page);
            assertThat(percents).isSorted().endsWith(100).allMatch(percent -> percent % 5 == 0);
            if (size > 1) assertThat(percents).contains(0).anyMatch(percent -> percent > 0 && percent < 100);

            page.page.navigate(vault.shopOrigin() + "/scan");
            page.page.evaluate("(token) => { document.querySelector('secure-download').token = token; }", token);
            Download saved = page.page.waitForDownload(
                    () -> page.frame("Downloader").locator("button").click());
            assertThat(saved.suggestedFilename()).isEqualTo("passport.png");
            assertThat(Files.readAllBytes(saved.path())).isEqualTo(content);
        }
    }

    private static List<Integer> percents(WatchedPage page) {
        return ((List<?>) page.page.evaluate("() => percents"))
                .stream().map(Integer.class::cast).toList();
    }

    @Test
    void severalFilesAreUploadedAtOnceAndTheFormGetsATokenForEach() throws IOException {
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/files");
            page.frame("Uploader").locator("input").setInputFiles(new Path[] {file("one.txt"), file("two.txt")});
            page.page.evaluate("() => document.querySelector('secure-upload').commit()");
            List<?> tokens = (List<?>) page.page.evaluate("() => document.querySelector('secure-upload').tokens");
            assertThat(tokens.stream().map(token -> new String(vault.stored((String) token), StandardCharsets.UTF_8)))
                    .containsExactly("one.txt", "two.txt");
            assertThat(page.frame("Uploader").locator(".size").allTextContents())
                    .containsOnly("7 bytes");
        }
    }

    /** The store refuses at first. Each failure says which file it is about, and the keyboard alone is enough. */
    @Test
    void aFailedUploadIsTriedAgainAndAnotherOneRemovedWithTheKeyboard() throws IOException {
        AtomicBoolean refuses = new AtomicBoolean(true);
        try (BrowserContext user = vault.user("session-1")) {
            user.route(url -> url.contains("X-Amz-Signature"), route -> {
                if (refuses.get()) refuse(route);
                else route.resume();
            });
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/files");
            Frame frame = page.frame("Uploader");
            frame.locator("input").setInputFiles(new Path[] {file("one.txt"), file("two.txt")});
            Locator first = frame.locator("li").filter(new Locator.FilterOptions().setHasText("one.txt"));
            Locator second = frame.locator("li").filter(new Locator.FilterOptions().setHasText("two.txt"));
            first.getByText("The object store answered 400. Try again.").waitFor();
            second.getByText("The object store answered 400. Try again.").waitFor();

            refuses.set(false);
            frame.locator(".choose").focus();
            page.page.keyboard().press("Tab");
            page.page.keyboard().press("Enter");
            first.getByText("Uploaded").waitFor();
            // The focus is on the button that removes the first one; the second one has two buttons.
            page.page.keyboard().press("Tab");
            page.page.keyboard().press("Tab");
            page.page.keyboard().press("Enter");
            second.waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
            String token = (String) page.page.evaluate("() => document.querySelector('secure-upload').commit()");
            assertThat(vault.stored(token)).asString().isEqualTo("one.txt");
            assertThat(frame.evaluate("() => document.activeElement.textContent"))
                    .isEqualTo("Remove");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ltr", "rtl"})
    void onANarrowScreenNoPartOfTheListCoversAnother(String direction) throws IOException {
        String name = "a-rather-long-name-of-a-scan-of-a-passport-".repeat(3) + ".png";
        Path large = Files.write(folder.resolve("large.png"), new byte[2_000]);
        try (BrowserContext user = vault.user("session-1")) {
            user.route(url -> url.contains("X-Amz-Signature"), FilesInBrowserTest::refuse);
            WatchedPage page = new WatchedPage(user);
            page.page.setViewportSize(320, 600);
            page.page.navigate(vault.shopOrigin() + "/files");
            page.page.evaluate("(direction) => { document.dir = direction; }", direction);
            Frame frame = page.frame("Uploader");
            frame.locator("input").setInputFiles(new Path[] {file(name), file("b.png"), large});
            frame.getByText("large.png: This file is too large. Choose a smaller one.")
                    .waitFor();
            frame.locator("[data-state=stopped]").nth(1).waitFor();
            assertThat((List<?>) frame.evaluate(OVERLAPS)).isEmpty();
            assertThat(frame.getByText("The object store answered 400. Try again.")
                            .count())
                    .isEqualTo(2);
        }
    }

    /** As if the store had answered with a refusal that the frame can read. */
    private static void refuse(Route route) {
        route.fulfill(new FulfillOptions().setStatus(400).setHeaders(Map.of("access-control-allow-origin", "*")));
    }

    /** A file whose content is its name. */
    private Path file(String name) throws IOException {
        return Files.writeString(folder.resolve(name), name);
    }
}
