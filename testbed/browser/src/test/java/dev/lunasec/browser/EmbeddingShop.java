package dev.lunasec.browser;

import dev.lunasec.contract.Frame;
import dev.lunasec.testbed.EmbeddedStore;
import dev.lunasec.testbed.FreePort;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.TestVault;
import java.net.URI;
import java.util.List;

/**
 * A vault, and a shop that embeds its frame. Names under {@code localhost} lead to this host, and browsers take their
 * pages for secure ones. They treat {@code localhost} as a public suffix: so {@code vault.shop.localhost} is of the same
 * site as {@code shop.localhost}, and {@code vault.localhost} is of another one.
 */
class EmbeddingShop implements AutoCloseable {
    /** The host of a vault of the same site as the shop, and of one on another site. */
    static final String SAME_SITE = "vault.shop.localhost";

    static final String OTHER_SITE = "vault.localhost";

    /** A function for a page of the shop: it logs the browser in at the vault, as the web components do. */
    static final String LOGIN = """
        async (vault) => {
          await fetch(vault + '/session/ensure', { mode: 'no-cors', credentials: 'include' });
          const verified = await fetch(vault + '/session/verify', { credentials: 'include' });
          if (!(await verified.json()).success) throw new Error('the user is not logged in');
        }\
        """;

    /** A script for a page of the shop: its secure elements get one-time codes of the shop's back end. */
    static final String GET_CODE = """
        <script>
          const getCode = async (asked) => {
            const answer = await fetch('/code', { method: 'POST', body: JSON.stringify(asked) });
            return answer.text();
          };
          for (const element of document.querySelectorAll('secure-input, secure-text, secure-upload'))
            element.getCode = getCode;
        </script>\
        """;

    /** A function for a page of the shop: it shows a token, and returns the code of the error. */
    static final String ERROR_OF_TEXT = """
        (token) => new Promise((resolve) => {
          const text = document.querySelector('secure-text');
          text.addEventListener('error', ({ detail }) => resolve(detail.code));
          text.token = token;
        })\
        """;

    final TestVault vault;
    final Shop shop;
    private final int shopPort = FreePort.find();
    private final String vaultOrigin;

    EmbeddingShop(String vaultHost) {
        int vaultPort = FreePort.find();
        vaultOrigin = "http://" + vaultHost + ":" + vaultPort;
        vault = TestVault.inOwnFolder()
                .port(vaultPort)
                .browsers(
                        new Frame(vaultOrigin, List.of(shopOrigin())),
                        URI.create(shopOrigin() + "/.lunasec/secure-frame"))
                .start();
        vault.store.allowPagesOf(vaultOrigin, EmbeddedStore.HEADERS_OF_FRAMES);
        shop = new Shop(shopPort, vault.issuer, vault.api(), vaultOrigin);
    }

    /** The origin of the shop, which may embed the frame. */
    final String shopOrigin() {
        return "http://shop.localhost:" + shopPort;
    }

    /** Another origin that leads to the shop's pages and may not embed the frame. */
    final String strangerOrigin() {
        return "http://stranger.localhost:" + shopPort;
    }

    /** The same, of the site of the shop. */
    final String siblingOrigin() {
        return "http://blog.shop.localhost:" + shopPort;
    }

    final String vaultOrigin() {
        return vaultOrigin;
    }

    /** The URL with which a page of the shop embeds a frame. */
    final String frameUrl(String component) {
        return vaultOrigin + "/frame?n=0123456789abcdef&component=" + component + "&origin=" + shopOrigin();
    }

    /** A page of the shop that loads the web components of the vault. */
    final String page(String body) {
        return """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>
            <link rel="icon" href="data:,">
            <script type="module" src="%s/components.js"></script>
            <body>%s</body></html>\
            """.formatted(vaultOrigin, body);
    }

    /** The bytes that the store has for a token of the user with the session {@code session-1}. */
    final byte[] stored(String token) {
        Api api = vault.api();
        return api.download(api.post("/detokenize", vault.user(), Api.of(token)).data())
                .body();
    }

    @Override
    public void close() {
        shop.close();
        vault.close();
    }
}
