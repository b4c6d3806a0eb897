package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserContext.GrantPermissionsOptions;
import com.microsoft.playwright.Frame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A stored text is shown again: to its user, and to another one only with a grant. */
@Tag("browser")
class ReadBackInBrowserTest {
    private static final String SECRET = "canary 4111 1111";
    private static final String SHOW = "(token) => { document.querySelector('secure-text').token = token; }";

    @AutoClose
    private static BrowserVault vault;

    private static String token;

    @BeforeAll
    static void start() {
        vault = BrowserVault.onTheSameSite();
        vault.shop.serve("/profile", vault.page("<secure-text></secure-text>"));
        vault.shop.serve("/copy", vault.page("<secure-text copy></secure-text>"));
        token = vault.vault.api().store(vault.vault.user(), SECRET.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void itsUserReadsItAgainAfterAReload() {
        try (BrowserContext user = vault.user("session-1")) {
            user.addInitScript(WatchedPage.LISTENER);
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/profile");
            for (int loads = 0; loads < 2; loads++) {
                page.page.evaluate(SHOW, token);
                page.frame("Paragraph").getByText(SECRET).waitFor();
                assertThat(page.placesWith(SECRET)).isEmpty();
                page.page.reload();
            }
        }
    }

    /** The clerk's page has the token. The sentence says what to do, where the clerk sees it. */
    @Test
    void aClerkWithoutAGrantReadsWhyThereIsNothingToSee() {
        try (BrowserContext clerk = vault.user("clerk")) {
            WatchedPage page = new WatchedPage(clerk);
            page.page.navigate(vault.shopOrigin() + "/profile");
            page.page.evaluate(SHOW, token);
            page.page
                    .getByText("You may not see this value. Ask its owner for access.")
                    .waitFor();
            assertThat(page.frame("Paragraph").content()).doesNotContain(SECRET);

            String grant = "{\"sessionId\":\"clerk\",\"tokenId\":\"" + token + "\",\"customDuration\":\"10m\"}";
            assertThat(vault.vault
                            .api()
                            .post("/grant/set", vault.vault.application(), grant)
                            .status())
                    .isEqualTo(200);
            page.page.reload();
            page.page.evaluate(SHOW, token);
            page.frame("Paragraph").getByText(SECRET).waitFor();
            assertThat(page.page.getByText("You may not see this value.").count())
                    .isZero();
        }
    }

    /** A click counts only after the browser has looked whether the button is visible, so the first may come too early. */
    @Test
    void theCopyButtonCopiesAValueThatItHasToLoadFirst() {
        try (BrowserContext user = vault.user("session-1")) {
            user.grantPermissions(
                    List.of("clipboard-read", "clipboard-write"),
                    new GrantPermissionsOptions().setOrigin(vault.shopOrigin()));
            user.grantPermissions(
                    List.of("clipboard-read", "clipboard-write"),
                    new GrantPermissionsOptions().setOrigin(vault.vaultOrigin()));
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/copy");
            page.page.evaluate(SHOW, token);
            Frame frame = page.frame("Paragraph");
            page.page.waitForCondition(() -> {
                if (frame.getByText("Copied").isVisible()) return true;
                frame.locator("button").last().click();
                return false;
            });
            assertThat(page.page.evaluate("() => navigator.clipboard.readText()"))
                    .isEqualTo(SECRET);
        }
    }

    /** The shop ends its own session first, else the components would log its user in again. */
    @Test
    void afterASignOutTheFrameShowsNothingAnyMore() {
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/profile");
            page.page.evaluate(SHOW, token);
            page.frame("Paragraph").getByText(SECRET).waitFor();
            user.clearCookies(new BrowserContext.ClearCookiesOptions().setName("shop-session"));
            assertThat(page.page.evaluate(
                            "(vault) => fetch(vault + '/session/end', { method: 'POST', credentials: 'include' })"
                                    + ".then((answer) => answer.json()).then(({ success }) => success)",
                            vault.vaultOrigin()))
                    .isEqualTo(true);
            assertThat(user.cookies(vault.vaultOrigin())).isEmpty();
            page.page.reload();
            page.page.evaluate(SHOW, token);
            page.page.getByText("You are not signed in. Sign in and try again.").waitFor();
            assertThat(page.frame("Paragraph").content()).doesNotContain(SECRET);
        }
    }
}
