package dev.lunasec.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import dev.lunasec.contract.Frame;
import dev.lunasec.testbed.EmbeddedStore;
import dev.lunasec.testbed.FreePort;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.TestVault;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * A vault, a shop that embeds its frame, and a browser. Names under {@code localhost} lead to this host, and browsers
 * take their pages for secure ones. They treat {@code localhost} as a public suffix: so {@code vault.shop.localhost} is
 * of the same site as {@code shop.localhost}, and {@code vault.localhost} is of another one.
 */
final class BrowserVault implements AutoCloseable {
    private static final String LOGIN = """
        async (vault) => {
          await fetch(vault + '/session/ensure', { mode: 'no-cors', credentials: 'include' });
          const verified = await fetch(vault + '/session/verify', { credentials: 'include' });
          if (!(await verified.json()).success) throw new Error('the user is not logged in');
        }\
        """;

    final TestVault vault;
    final Shop shop;
    final Browser browser;
    private final int shopPort = FreePort.find();
    private final int vaultPort = FreePort.find();
    private final String vaultOrigin;
    private final Chromium chromium;

    /** @param arguments of the browser */
    private BrowserVault(String vaultHost, List<String> arguments) {
        vaultOrigin = "http://" + vaultHost + ":" + vaultPort;
        vault = TestVault.inOwnFolder()
                .port(vaultPort)
                .browsers(
                        new Frame(vaultOrigin, List.of(shopOrigin())),
                        URI.create(shopOrigin() + "/.lunasec/secure-frame"))
                .start();
        vault.store.allowPagesOf(vaultOrigin, EmbeddedStore.HEADERS_OF_FRAMES);
        shop = new Shop(shopPort, vault.issuer, vault.api(), vaultOrigin);
        chromium = new Chromium(arguments);
        browser = chromium.browser;
    }

    /** The vault is a subdomain of the shop. */
    static BrowserVault onTheSameSite() {
        return new BrowserVault("vault.shop.localhost", List.of());
    }

    /** The vault is on a site of its own, and the browser blocks cookies of other sites. */
    static BrowserVault onAnotherSite() {
        return new BrowserVault("vault.localhost", List.of("--test-third-party-cookie-phaseout"));
    }

    /** The origin of the shop, which may embed the frame. */
    String shopOrigin() {
        return "http://shop.localhost:" + shopPort;
    }

    /** Another origin that leads to the shop's pages and may not embed the frame. */
    String strangerOrigin() {
        return "http://stranger.localhost:" + shopPort;
    }

    /** The same, of the site of the shop. */
    String siblingOrigin() {
        return "http://blog.shop.localhost:" + shopPort;
    }

    String vaultOrigin() {
        return vaultOrigin;
    }

    /** The URL with which a page of the shop embeds a frame. */
    String frameUrl(String component) {
        return vaultOrigin + "/frame?n=0123456789abcdef&component=" + component + "&origin=" + shopOrigin();
    }

    /** A page of the shop that loads the web components of the vault. */
    String page(String body) {
        return """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>
            <link rel="icon" href="data:,">
            <script type="module" src="%s/components.js"></script>
            <body>%s</body></html>\
            """.formatted(vaultOrigin, body);
    }

    /** A new browser profile, whose user is logged in at the shop. */
    BrowserContext user(String session) {
        BrowserContext context = visitor();
        logIn(context, session);
        return context;
    }

    /** Logs a user in at the shop, in place of another one. */
    void logIn(BrowserContext context, String session) {
        context.addCookies(List.of(new Cookie("shop-session", session).setUrl(shopOrigin())));
    }

    /** Logs the browser in at the vault, from a page of the shop, as the web components do. */
    void logInAtVault(Page page) {
        page.evaluate(LOGIN, vaultOrigin);
    }

    /** A new browser profile. */
    BrowserContext visitor() {
        return chromium.visitor();
    }

    /** A browser of its own, whose profile is written to a folder as that of a person is. Its user is logged in. */
    BrowserContext userOnDisk(Path folder, String session) {
        BrowserContext context = chromium.visitorOnDisk(folder);
        logIn(context, session);
        return context;
    }

    /** The bytes that the store has for a token. */
    byte[] stored(String token) {
        Api api = vault.api();
        return api.download(api.post("/detokenize", vault.user(), Api.of(token)).data())
                .body();
    }

    @Override
    public void close() {
        chromium.close();
        shop.close();
        vault.close();
    }
}
