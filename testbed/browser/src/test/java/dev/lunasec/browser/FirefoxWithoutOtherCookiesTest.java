package dev.lunasec.browser;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Firefox, set to block the cookies of other sites. */
@Tag("full")
class FirefoxWithoutOtherCookiesTest extends FirefoxCookieJourneys {
    FirefoxWithoutOtherCookiesTest() {
        super(Firefox.BLOCKS_COOKIES);
    }

    @Test
    void aCookieThatTheFrameSetsVanishes() {
        assertThatCookiesOfTheFrameVanish();
    }
}
