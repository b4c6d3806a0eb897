package dev.lunasec.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import java.nio.file.Path;
import java.util.List;

/** A vault, a shop that embeds its frame, and a Chromium. */
final class BrowserVault extends EmbeddingShop {
    final Browser browser;
    private final Chromium chromium;

    /** @param arguments of the browser */
    private BrowserVault(Hosts hosts, List<String> arguments) {
        super(hosts);
        chromium = new Chromium(arguments);
        browser = chromium.browser;
    }

    /** The vault is a subdomain of the shop. */
    static BrowserVault onTheSameSite() {
        return new BrowserVault(Hosts.SAME_SITE, List.of());
    }

    /** The vault is on a site of its own, and the browser blocks cookies of other sites. */
    static BrowserVault onAnotherSite() {
        return new BrowserVault(Hosts.OTHER_SITE, List.of("--test-third-party-cookie-phaseout"));
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
        page.evaluate(LOGIN, vaultOrigin());
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

    @Override
    public void close() {
        chromium.close();
        super.close();
    }
}
