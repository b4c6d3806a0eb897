package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Locator.FillOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The fields of forms that are more than one line of text. */
@Tag("browser")
class FieldsInBrowserTest {
    /** A browser places a long text within seconds, and takes far longer beside other programs. */
    private static final int PLACING_MILLIS = 120_000;

    @AutoClose
    private static BrowserVault vault;

    @BeforeAll
    static void start() {
        vault = BrowserVault.onTheSameSite();
    }

    /** One frame, because browsers fill no card number across frames. */
    @Test
    void aCardIsOneValueAndAWrongNumberIsRefused() throws IOException {
        vault.shop.serve("/card", vault.page("<secure-card required fields=\"number expiry cvc name\"></secure-card>"));
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/card");
            Frame frame = page.frame("Card");
            frame.locator("#number").pressSequentially("4242424242424241");
            frame.locator("#expiry").pressSequentially("1234");
            frame.locator("#cvc").pressSequentially("123");
            frame.locator("#name").pressSequentially("Jane Doe");
            assertThat(page.page.evaluate(
                            "() => document.querySelector('secure-card').commit().catch(({ code }) => code)"))
                    .isEqualTo("invalidValue");
            frame.locator("#number").fill("4242424242424242");
            String token = (String) page.page.evaluate("() => document.querySelector('secure-card').commit()");
            JsonNode card = new ObjectMapper().readTree(vault.stored(token));
            assertThat(card.get("number").textValue()).isEqualTo("4242424242424242");
            assertThat(card.get("name").textValue()).isEqualTo("Jane Doe");
            assertThat(page.placesWith("4242424242424242")).isEmpty();
        }
    }

    @Test
    void aLongTextOfSeveralLinesIsStoredAsItWasTyped() {
        vault.shop.serve("/text", vault.page("<secure-textarea></secure-textarea>"));
        try (BrowserContext user = vault.user("session-1")) {
            WatchedPage page = new WatchedPage(user);
            page.page.navigate(vault.shopOrigin() + "/text");
            // Few lines: a browser takes long to place many of them.
            String text = ("a line, \u00e9".repeat(100) + "\n\n").repeat(1_200);
            page.frame("TextArea").locator("textarea").fill(text, new FillOptions().setTimeout(PLACING_MILLIS));
            String token = (String) page.page.evaluate("() => document.querySelector('secure-textarea').commit()");
            assertThat(vault.stored(token))
                    .isEqualTo(text.getBytes(StandardCharsets.UTF_8))
                    .hasSizeGreaterThan(1 << 20);
        }
    }
}
