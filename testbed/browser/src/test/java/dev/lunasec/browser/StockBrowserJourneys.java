package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What users do with the secure frame, in a browser that Playwright does not have as its makers ship it. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class StockBrowserJourneys {
    static final String KEEP = "(cookie) => { document.cookie = cookie + '; path=/'; return document.cookie; }";
    static final String SECRET = "canary 4111 1111";
    static final Pattern TOKEN = Pattern.compile("lunasec-[0-9a-f-]{36}");

    /** More than one packet, and less than an upload in parts. */
    private static final int FILE_BYTES = 100_000;

    private final Supplier<WebDriverBrowser> starter;
    private final Hosts hosts;

    @AutoClose
    private WebDriverBrowser browser;

    @AutoClose
    EmbeddingShop vault;

    /** @param starter aborts the tests if the browser cannot be had */
    StockBrowserJourneys(Supplier<WebDriverBrowser> starter, Hosts hosts) {
        this.starter = starter;
        this.hosts = hosts;
    }

    @BeforeAll
    void start() {
        browser = starter.get();
        vault = new EmbeddingShop(hosts);
        vault.shop.serve("/", "<!doctype html><title>Shop</title><link rel=icon href=data:,>");
    }

    /** A new profile of the browser, on the start page of the shop. Its user is logged in at the shop. */
    DrivenPage user(String session) {
        DrivenPage page = new DrivenPage(browser);
        page.open(vault.shopOrigin() + "/");
        logIn(page, session);
        return page;
    }

    /** Logs a user in at the shop, in place of another one, from a page of the shop. */
    static void logIn(DrivenPage page, String session) {
        page.evaluate("(session) => { document.cookie = 'shop-session=' + session + '; path=/'; }", session);
    }

    /** What a page has after a secure element. */
    abstract String script();

    /** Serves a page with a secure element, and opens it. */
    void open(DrivenPage page, String path, String body) {
        vault.shop.serve(path, vault.page(body + script()));
        page.open(vault.shopOrigin() + path);
    }

    @Test
    void aFileIsStored(@TempDir Path folder) throws IOException {
        byte[] content = new byte[FILE_BYTES];
        new Random(FILE_BYTES).nextBytes(content);
        Path file = Files.write(folder.resolve("passport.png"), content);
        try (DrivenPage page = user("session-1")) {
            open(page, "/upload", "<secure-upload></secure-upload>");
            page.choose("secure-upload", file);
            assertThat(vault.stored(page.commit("secure-upload"))).isEqualTo(content);
        }
    }
}
