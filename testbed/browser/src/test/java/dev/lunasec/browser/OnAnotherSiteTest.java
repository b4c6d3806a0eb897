package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Frame;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The vault is on another site than the shop, and the browser blocks the cookies of other sites. The frame gets one-time
 * codes of the shop's back end.
 */
@Tag("browser")
class OnAnotherSiteTest {
    private static final String SECRET = "canary 4111 1111";

    @AutoClose
    private static BrowserVault vault;

    @BeforeAll
    static void start() {
        vault = BrowserVault.onAnotherSite();
        vault.shop.serve("/store", vault.page("<secure-input></secure-input>" + EmbeddingShop.GET_CODE));
        vault.shop.serve("/show", vault.page("<secure-text></secure-text>" + EmbeddingShop.GET_CODE));
        vault.shop.serve("/embeds", "<iframe src=\"" + vault.frameUrl("Input") + "\"></iframe>");
    }

    /** The tests below would prove little in a browser that sends such cookies. */
    @Test
    void theBrowserKeepsNoCookieOfAnotherSite() {
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/embeds");
            Frame frame = page.frame("Input");
            assertThat(frame.evaluate(
                            "() => { document.cookie = 'a=b; SameSite=None; Secure'; return document.cookie; }"))
                    .isEqualTo("");
        }
    }

    @Test
    void aFrameStoresAndShowsWithCodesOfTheShop() {
        try (BrowserContext user = vault.user("session-1")) {
            user.addInitScript(WatchedPage.LISTENER);
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/store");
            page.frame("Input").locator("input").fill(SECRET);
            String token = (String) page.page.evaluate("() => document.querySelector('secure-input').commit()");
            assertThat(page.placesWith(SECRET)).isEmpty();

            page.page.navigate(vault.shopOrigin() + "/show");
            page.page.evaluate("(token) => { document.querySelector('secure-text').token = token; }", token);
            page.frame("Paragraph").locator("text=" + SECRET).waitFor();
            assertThat(page.placesWith(SECRET)).isEmpty();
            assertThat(user.cookies(vault.vaultOrigin())).isEmpty();
        }
    }

    /** The clerk's page has the token, and the clerk holds no grant for it. */
    @Test
    void anotherUserOfTheShopSeesNothingWithoutAGrant() {
        String token;
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/store");
            page.frame("Input").locator("input").fill(SECRET);
            token = (String) page.page.evaluate("() => document.querySelector('secure-input').commit()");
        }
        try (BrowserContext clerk = vault.user("clerk")) {
            WatchedPage page = new WatchedPage(clerk);
            page.page.navigate(vault.shopOrigin() + "/show");
            Object code = page.page.evaluate(EmbeddingShop.ERROR_OF_TEXT, token);
            assertThat(code).isEqualTo("noGrant");
            assertThat(page.frame("Paragraph").content()).doesNotContain(SECRET);

            String grant = "{\"sessionId\":\"clerk\",\"tokenId\":\"" + token + "\",\"customDuration\":\"10m\"}";
            assertThat(vault.vault
                            .api()
                            .post("/grant/set", vault.vault.application(), grant)
                            .status())
                    .isEqualTo(200);
            page.page.reload();
            page.page.evaluate("(token) => { document.querySelector('secure-text').token = token; }", token);
            page.frame("Paragraph").locator("text=" + SECRET).waitFor();
        }
    }
}
