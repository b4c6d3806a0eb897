package dev.lunasec.browser;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * WebKitGTK. It keeps no cookie that a frame of another site sets. Unlike Safari, it lets such a frame have the cookies
 * that its site set in pages of its own; here the vault sets none.
 *
 * <p>The journeys on the same site are left out, because WebKitGTK drops cookies with {@code Secure} over plain HTTP,
 * also those of localhost. Over HTTPS, it would take {@code shop.localhost} and {@code vault.shop.localhost} for two
 * sites, and would not let the frame call the embedded store, which speaks plain HTTP.
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
