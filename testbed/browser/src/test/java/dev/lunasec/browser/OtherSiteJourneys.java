package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The vault is on another site than the shop, and the browser lets its frame keep no cookies there. The frame gets
 * one-time codes of the shop's back end. The tests would prove little in a browser that keeps such cookies, so each
 * subclass also tests that.
 */
abstract class OtherSiteJourneys extends StockBrowserJourneys {
    OtherSiteJourneys(Supplier<WebDriverBrowser> starter) {
        super(starter, Hosts.OTHER_SITE);
    }

    @Override
    String script() {
        return EmbeddingShop.GET_CODE;
    }

    /** Asserts that the browser keeps a cookie of the vault's own page, and none of its frame. */
    final void assertThatCookiesOfTheFrameVanish() {
        try (DrivenPage page = user("session-1")) {
            open(page, "/field", "<secure-input></secure-input>");
            assertThat(page.inFrame("secure-input", () -> page.text(KEEP, "framed=1")))
                    .isEmpty();
            page.open(vault.frameUrl("Input"));
            assertThat(page.text(KEEP, "own=1")).isEqualTo("own=1");
        }
    }

    @Test
    void aFrameStoresAndShowsWithCodesOfTheShop() {
        try (DrivenPage page = user("session-1")) {
            open(page, "/field", "<secure-input></secure-input>");
            page.type("secure-input", SECRET);
            String token = page.commit("secure-input");
            assertThat(new String(vault.stored(token), StandardCharsets.UTF_8)).isEqualTo(SECRET);
            assertThat(page.placesWith(SECRET)).isEmpty();

            open(page, "/profile", "<secure-text reveal token=\"" + token + "\"></secure-text>");
            page.reload();
            page.reveal("secure-text", SECRET);
            assertThat(page.placesWith(SECRET)).isEmpty();
        }
    }

    /** The clerk's page has the token, and the clerk holds no grant for it. */
    @Test
    void anotherUserOfTheShopSeesNothingWithoutAGrant() {
        String token = vault.vault.api().store(vault.vault.user(), SECRET.getBytes(StandardCharsets.UTF_8));
        try (DrivenPage page = user("clerk")) {
            open(page, "/show", "<secure-text></secure-text>");
            page.inFrame("secure-text", () -> true);
            assertThat(page.text(EmbeddingShop.ERROR_OF_TEXT, token)).isEqualTo("noGrant");
            assertThat(page.inFrame("secure-text", () -> page.text("() => document.documentElement.outerHTML")))
                    .doesNotContain(SECRET);
        }
    }
}
