package dev.lunasec.browser;

import dev.lunasec.contract.Frame;
import dev.lunasec.testbed.EmbeddedStore;
import dev.lunasec.testbed.FreePort;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.TestVault;
import java.net.URI;
import java.util.List;

/** A vault, and a shop that embeds its frame. */
class EmbeddingShop implements AutoCloseable {
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
    private final TlsFronts fronts = new TlsFronts();
    private final int shopPort = FreePort.find();
    private final String shopOrigin;
    private final String vaultOrigin;

    EmbeddingShop(Hosts hosts) {
        int vaultPort = FreePort.find();
        shopOrigin = origin(hosts, hosts.shop, shopPort);
        vaultOrigin = origin(hosts, hosts.vault, vaultPort);
        TestVault.Setup setup = TestVault.inOwnFolder()
                .port(vaultPort)
                .browsers(
                        new Frame(vaultOrigin, List.of(shopOrigin)), URI.create(shopOrigin + "/.lunasec/secure-frame"));
        // A page over HTTPS may not call a store over plain HTTP.
        if (hosts.https) setup.publicStore(store -> URI.create(origin(hosts, store.getHost(), store.getPort())));
        vault = setup.start();
        vault.store.allowPagesOf(vaultOrigin, EmbeddedStore.HEADERS_OF_FRAMES);
        shop = new Shop(shopPort, vault.issuer, vault.api(), vaultOrigin);
    }

    private String origin(Hosts hosts, String host, int port) {
        return hosts.https ? "https://" + host + ":" + fronts.before(port) : "http://" + host + ":" + port;
    }

    /** The origin of the shop, which may embed the frame. */
    final String shopOrigin() {
        return shopOrigin;
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
        Api api = new Api(vault.url(), fronts.client());
        return api.download(api.post("/detokenize", vault.user(), Api.of(token)).data())
                .body();
    }

    @Override
    public void close() {
        fronts.close();
        shop.close();
        vault.close();
    }
}
