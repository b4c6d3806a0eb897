package dev.lunasec.local;

import dev.lunasec.local.shop.Bucket;
import dev.lunasec.local.shop.Shop;
import dev.lunasec.local.shop.ShopSettings;
import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.testbed.EmbeddedStore;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.net.URI;
import java.nio.file.Path;

/** The demo shop in the local system, and the vault that lets its pages embed the secure frame. */
final class LocalShop {
    private final LocalSystem system;
    private final ShopAddresses addresses;
    private final Path database;

    LocalShop(LocalSystem system, ShopAddresses addresses, Path database) {
        this.system = system;
        this.addresses = addresses;
        this.database = database;
    }

    String origin() {
        return addresses.shopOrigin();
    }

    /** Applies a Tokenizer, as {@link LocalSystem#apply} does, for the browsers of the shop's visitors. */
    GenericKubernetesResource apply(GenericKubernetesResource example) {
        // Another store gets such a rule from the operator.
        if (system.storePlace().isEmbedded())
            system.store().allowPagesOf(addresses.vaultOrigin(), EmbeddedStore.HEADERS_OF_FRAMES);
        return system.apply(LocalVault.withBrowsers(example, addresses));
    }

    /**
     * Starts the shop; the caller closes it.
     *
     * @param vault where its back end reaches the vault
     * @param applied the vault
     */
    Shop start(URI vault, GenericKubernetesResource applied) {
        StorePlace store = system.storePlace();
        String region = applied.get("spec", "storage", "region");
        StoreLocation bucket =
                new StoreLocation(applied.get("spec", "storage", "bucket"), region, store.endpoint(), true);
        return new Shop(new ShopSettings(
                addresses.shopPort(),
                addresses.shopOrigin(),
                vault,
                addresses.vaultOrigin(),
                database,
                system.application()::jwt,
                new Bucket(
                        bucket, new AccessKeys(store.accessKeyId(), store.secretAccessKey()), store.authorityPem())));
    }
}
