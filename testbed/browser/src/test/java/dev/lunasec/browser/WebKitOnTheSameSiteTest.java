package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** WebKitGTK, over HTTPS: the page, the vault and the store. */
@Tag("full")
class WebKitOnTheSameSiteTest extends SameSiteJourneys {
    WebKitOnTheSameSiteTest() {
        super(WebKit::startOverHttps, Hosts.SAME_SITE_OVER_HTTPS);
    }

    /** Otherwise the journeys would not show that the frame has the cookie of the vault. */
    @Test
    void aFrameKeepsACookieThatPagesOfTheVaultHaveToo() {
        try (DrivenPage page = user("session-1")) {
            open(page, "/field", "<secure-input></secure-input>");
            assertThat(page.inFrame("secure-input", () -> page.text(KEEP, "framed=1")))
                    .isEqualTo("framed=1");
            page.open(vault.frameUrl("Input"));
            assertThat(page.text("() => document.cookie")).isEqualTo("framed=1");
        }
    }
}
