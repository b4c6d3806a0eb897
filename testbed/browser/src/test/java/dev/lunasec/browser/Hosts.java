package dev.lunasec.browser;

/**
 * The names at which browsers reach a shop and its vault.
 *
 * <p>Names under {@code localhost} lead to this host, and browsers take their pages for secure ones, also over plain
 * HTTP. Chromium and Firefox treat {@code localhost} as a public suffix: so {@code vault.shop.localhost} is of the same
 * site as {@code shop.localhost}, and {@code vault.localhost} is of another one.
 *
 * <p>WebKitGTK differs twice. It drops cookies with {@code Secure} over plain HTTP, also those of localhost. And it
 * takes two names for two sites unless they end with a suffix of the public suffix list, which has neither
 * {@code localhost} nor {@code test}. So it needs HTTPS and names under {@code com}, which {@link LoopbackProxy} leads
 * to this host.
 */
enum Hosts {
    SAME_SITE(false, "shop.localhost", "vault.shop.localhost"),
    OTHER_SITE(false, "shop.localhost", "vault.localhost"),
    SAME_SITE_OVER_HTTPS(true, "shop.example.com", "vault.example.com");

    final boolean https;
    final String shop;
    final String vault;

    Hosts(boolean https, String shop, String vault) {
        this.https = https;
        this.shop = shop;
        this.vault = vault;
    }
}
