package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Page;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user types a secret into a page of the shop. The shop gets a token, and its page never holds the secret. */
@Tag("browser")
class SecureFormInBrowserTest {
    private static final Pattern TOKEN = Pattern.compile("lunasec-[0-9a-f-]{36}");
    private static final String SECRET = "canary 4111 1111";
    private static final String ORIGINAL = Script.read("original-protocol.js");

    @AutoClose
    private static BrowserVault vault;

    @BeforeAll
    static void start() {
        vault = BrowserVault.onTheSameSite();
        vault.shop.serve("/sign-up", form("<secure-input id=\"card\" name=\"card\" required></secure-input>"));
    }

    @Test
    void theShopGetsATokenAndItsPageNeverHoldsTheSecret() {
        try (BrowserContext user = vault.user("session-1")) {
            user.addInitScript(WatchedPage.LISTENER);
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/sign-up");
            page.frame("Input").locator("input").fill(SECRET);
            String token = (String) page.page.evaluate("() => document.querySelector('secure-input').commit()");
            assertThat(token).matches(TOKEN);
            assertThat(page.placesWith(token)).as("places of the token").isNotEmpty();
            assertThat(page.placesWith(SECRET)).isEmpty();
            page.page.locator("text=Send").click();
            page.page.waitForURL("**/form");
            assertThat(token(vault.shop.forms().getLast())).isEqualTo(token);
            assertThat(page.placesWith(SECRET)).isEmpty();

            vault.shop.serve("/profile", vault.page("<secure-text></secure-text>"));
            page.page.navigate(vault.shopOrigin() + "/profile");
            page.page.evaluate("(token) => { document.querySelector('secure-text').token = token; }", token);
            page.frame("Paragraph").locator("text=" + SECRET).waitFor();
            assertThat(page.placesWith(SECRET)).isEmpty();
            assertThat(page.console()).noneMatch(line -> line.matches("(error|uncaught): .*"));
        }
    }

    /** The test above would notice. */
    @Test
    void aPlainFieldHoldsTheSecretWhereThePageSeesIt() {
        try (BrowserContext user = vault.user("session-1")) {
            vault.shop.serve("/plain", vault.page("<input>"));
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/plain");
            page.page.locator("input").fill(SECRET);
            assertThat(page.placesWith(SECRET)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "007",
                "true",
                "12345678901234567890",
                " 1e3 ",
                "{\"a\": 1}",
                "\uD83D\uDD12\uD83D\uDC68\u200D\uD83D\uDC69 e\u0301"
            })
    void aTextIsStoredAsItWasTyped(String text) {
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/sign-up");
            page.frame("Input").locator("input").fill(text);
            String token = (String) page.page.evaluate("() => document.querySelector('secure-input').commit()");
            assertThat(vault.stored(token)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The form's button is clicked while the field is empty, and then with a value. */
    @Test
    void aRequiredFieldStopsTheFormUntilItIsFilled() {
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/sign-up");
            page.page.evaluate("() => document.querySelector('secure-input').ready");
            int before = vault.shop.forms().size();
            page.page.locator("text=Send").click();
            assertThat(page.page.evaluate("() => document.querySelector('secure-input').matches(':invalid')"))
                    .isEqualTo(true);
            Frame frame = page.frame("Input");
            frame.locator("input").fill(SECRET);
            frame.locator("input").press("Enter");
            page.page.waitForURL("**/form");
            assertThat(vault.shop.forms()).hasSize(before + 1);
        }
    }

    /** The messages of the React SDK: JSON as text, with commands, and a nonce that names the frame. */
    @Test
    void aPageThatSpeaksLunaDefendsProtocolGetsAToken() {
        vault.shop.serve(
                "/original",
                "<iframe src=\"" + vault.frameUrl("Input") + "\"></iframe><script>" + ORIGINAL + "</script>");
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/original");
            vault.logInAtVault(page.page);
            String attributes =
                    "{id: '0123456789abcdef', component: 'Input', style: JSON.stringify({style: {}, pseudo: {}})}";
            page.page.evaluate("(vault) => send(vault, 'Attributes', " + attributes + ")", vault.vaultOrigin());
            page.page.waitForFunction("() => got.some(({ command }) => command === 'NotifyOnFullyLoaded')");
            page.frame("Input").locator("input").fill(SECRET);
            String token = (String) page.page.evaluate(
                    "(vault) => send(vault, 'CommitToken', {}).then(({ token }) => token)", vault.vaultOrigin());
            assertThat(new String(vault.stored(token), StandardCharsets.UTF_8)).isEqualTo(SECRET);
        }
    }

    /** A frame that a user has begun to use does not store for another one, whose cookie the browser has by then. */
    @Test
    void aFrameRefusesToGoOnAfterAnotherUserHasLoggedIn() {
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/sign-up");
            page.frame("Input").locator("input").fill(SECRET);
            page.page.evaluate("() => document.querySelector('secure-input').commit()");
            vault.logIn(user, "session-2");
            Page other = user.newPage();
            other.navigate(vault.shopOrigin() + "/sign-up");
            vault.logInAtVault(other);
            page.frame("Input").locator("input").fill(SECRET + " 2");
            assertThat(page.page.evaluate(
                            "() => document.querySelector('secure-input').commit().catch(({ code }) => code)"))
                    .isEqualTo("sessionMismatch");
        }
    }

    private static String form(String field) {
        return vault.page("<secure-form><form action=\"/form\" method=\"post\"><label for=\"card\">Card number</label>"
                + field + "<button>Send</button></form></secure-form>");
    }

    private static String token(String form) {
        Matcher token = TOKEN.matcher(URLDecoder.decode(form, StandardCharsets.UTF_8));
        assertThat(token.find()).as(form).isTrue();
        return token.group();
    }
}
