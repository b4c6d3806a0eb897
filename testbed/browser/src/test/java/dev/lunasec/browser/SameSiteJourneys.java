package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The vault is on the site of the shop, and the browser logs in there by redirects. */
abstract class SameSiteJourneys extends StockBrowserJourneys {
    SameSiteJourneys(Supplier<WebDriverBrowser> starter, Hosts hosts) {
        super(starter, hosts);
    }

    @Override
    String script() {
        return "";
    }

    @Test
    void aFormSendsATokenAndAPageShowsItsTextAgain() {
        try (DrivenPage page = user("session-1")) {
            open(
                    page,
                    "/sign-up",
                    "<secure-form><form action=/form method=post><secure-input name=card required></secure-input>"
                            + "<button>Send</button></form></secure-form>");
            page.type("secure-input", SECRET);
            String token = page.commit("secure-input");
            assertThat(token).matches(TOKEN);
            assertThat(page.placesWith("name=\"card\"")).as("the form").isNotEmpty();
            assertThat(page.placesWith(SECRET)).isEmpty();
            page.click("button");
            page.waitForPath("/form");
            assertThat(URLDecoder.decode(vault.shop.forms().getLast(), StandardCharsets.UTF_8))
                    .isEqualTo("card=" + token);

            open(page, "/profile", "<secure-text reveal token=\"" + token + "\"></secure-text>");
            page.reload();
            page.reveal("secure-text", SECRET);
            assertThat(page.placesWith(SECRET)).isEmpty();
        }
    }

    /** A frame that a user has begun to use does not store for another one, whose cookie the browser has by then. */
    @Test
    void aFrameRefusesToGoOnAfterAnotherUserHasLoggedIn() {
        try (DrivenPage page = user("session-1")) {
            open(page, "/field", "<secure-input></secure-input>");
            page.type("secure-input", SECRET);
            assertThat(page.commit("secure-input")).matches(TOKEN);
            logIn(page, "session-2");
            page.evaluate(EmbeddingShop.LOGIN, vault.vaultOrigin());
            page.type("secure-input", " 2");
            assertThat(page.text("() => document.querySelector('secure-input').commit().catch(({ code }) => code)"))
                    .isEqualTo("sessionMismatch");
        }
    }
}
