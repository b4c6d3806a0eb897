package dev.lunasec.browser;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * WebKitGTK. It keeps no cookie that a frame of another site sets. Unlike Safari, it lets such a frame have the cookies
 * that its site set in pages of its own; here the vault sets none.
 */
@Tag("full")
class WebKitOnAnotherSiteTest extends OtherSiteJourneys {
    WebKitOnAnotherSiteTest() {
        super(WebKit::start);
    }

    @Test
    void aCookieThatTheFrameSetsVanishes() {
        assertThatCookiesOfTheFrameVanish();
    }
}
