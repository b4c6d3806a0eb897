package dev.lunasec.browser;

import com.microsoft.playwright.BrowserContext;
import dev.lunasec.contract.Frame;
import dev.lunasec.local.shop.Bucket;
import dev.lunasec.local.shop.Shop;
import dev.lunasec.local.shop.ShopSettings;
import dev.lunasec.testbed.EmbeddedStore;
import dev.lunasec.testbed.FreePort;
import dev.lunasec.tokenizer.testing.TestVault;
import dev.lunasec.tokenizer.testing.VaultBucket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** A vault, the demo shop of {@code ./run}, and a browser. */
final class DemoVault implements AutoCloseable {
    final String origin = "http://shop.localhost:" + FreePort.find();
    private final int vaultPort = FreePort.find();
    private final String vaultOrigin = "http://vault.shop.localhost:" + vaultPort;
    private final TestVault vault;
    private final Shop shop;
    private final Chromium chromium;

    /** @param folder for the database of the shop */
    DemoVault(Path folder) {
        vault = TestVault.inOwnFolder()
                .port(vaultPort)
                .browsers(new Frame(vaultOrigin, List.of(origin)), URI.create(origin + Shop.LOGIN))
                .start();
        vault.store.allowPagesOf(vaultOrigin, EmbeddedStore.HEADERS_OF_FRAMES);
        shop = new Shop(new ShopSettings(
                URI.create(origin).getPort(),
                origin,
                vault.url(),
                vaultOrigin,
                folder.resolve("shop.db"),
                vault.issuer::jwt,
                new Bucket(vault.store.location(), VaultBucket.KEYS, null)));
        chromium = new Chromium(List.of());
    }

    /** A new browser profile. */
    BrowserContext visitor() {
        return chromium.visitor();
    }

    @Override
    public void close() {
        chromium.close();
        shop.close();
        vault.close();
    }
}
