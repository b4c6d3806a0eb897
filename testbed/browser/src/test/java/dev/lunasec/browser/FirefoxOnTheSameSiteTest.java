package dev.lunasec.browser;

import org.junit.jupiter.api.Tag;

/** Firefox as it is by default. */
@Tag("full")
class FirefoxOnTheSameSiteTest extends SameSiteJourneys {
    FirefoxOnTheSameSiteTest() {
        super(() -> Firefox.start(Firefox.PARTITIONS_COOKIES), Hosts.SAME_SITE);
    }
}
