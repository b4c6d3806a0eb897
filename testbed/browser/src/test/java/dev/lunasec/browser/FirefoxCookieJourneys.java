package dev.lunasec.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The vault is on another site than the shop, and Firefox does not mix the cookies of its pages and of its frames. */
abstract class FirefoxCookieJourneys extends OtherSiteJourneys {
    FirefoxCookieJourneys(int cookieBehavior) {
        super(() -> Firefox.start(cookieBehavior));
    }

    @Test
    void theFrameHasNoCookieOfTheVaultsOwnPagesAndLeavesThemNone() {
        try (DrivenPage page = user("session-1")) {
            page.open(vault.frameUrl("Input"));
            assertThat(page.text(KEEP, "own=1")).isEqualTo("own=1");
            open(page, "/field", "<secure-input></secure-input>");
            assertThat(page.inFrame("secure-input", () -> page.text(KEEP, "framed=1")))
                    .doesNotContain("own=1");
            page.open(vault.frameUrl("Input"));
            assertThat(page.text("() => document.cookie")).isEqualTo("own=1");
        }
    }
}
