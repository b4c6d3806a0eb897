package dev.lunasec.browser;

import org.junit.jupiter.api.Tag;

/** Firefox as it is by default: it keeps the cookies of a frame apart for each site that embeds it. */
@Tag("full")
class FirefoxOnAnotherSiteTest extends FirefoxCookieJourneys {
    FirefoxOnAnotherSiteTest() {
        super(Firefox.PARTITIONS_COOKIES);
    }
}
