package dev.lunasec.local;

import dev.lunasec.client.TokenizerClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A vault of the local system on a real store, with its bucket and its callers. */
final class VaultOnStore implements AutoCloseable {
    final TestedStore store;
    final boolean versioned;
    final String namespace;
    final String bucketName;
    final OwnersBucket bucket;
    private @Nullable RotatingVault vault;
    private @Nullable TokenizerClient user;
    private @Nullable TokenizerClient application;

    /** @param versioned whether the bucket exists before the vault does, and keeps old versions */
    VaultOnStore(TestedStore store, boolean versioned) {
        this.store = store;
        this.versioned = versioned;
        this.namespace = store.name() + (versioned ? "-versioned" : "-plain");
        this.bucketName = namespace + "-bucket" + store.place().bucketSuffix();
        this.bucket = new OwnersBucket(store, bucketName);
    }

    /** On each store, with a bucket that the operator creates and with one that keeps versions. */
    static List<VaultOnStore> all() {
        List<VaultOnStore> all = new ArrayList<>();
        for (TestedStore store : TestedStore.usable()) {
            all.add(new VaultOnStore(store, false));
            all.add(new VaultOnStore(store, true));
        }
        return all;
    }

    /** Applies the vault, and waits until it is ready. */
    void start(LocalSystem system) throws Exception {
        if (versioned) bucket.createWithVersioning();
        RotatingVault started = new RotatingVault(
                system,
                store.place(),
                namespace,
                1,
                Map.of(
                        "provisioning",
                        versioned ? "Adopt" : "Create",
                        "deletionPolicy",
                        "Delete",
                        "confirmDeletion",
                        bucketName));
        vault = started;
        user = started.client("user", "session");
        application = started.client("application", "");
    }

    RotatingVault vault() {
        return Objects.requireNonNull(vault);
    }

    TokenizerClient user() {
        return Objects.requireNonNull(user);
    }

    TokenizerClient application() {
        return Objects.requireNonNull(application);
    }

    /** Begins an upload in parts, as the user. */
    UploadInParts upload(byte[] value) throws IOException, InterruptedException {
        return new UploadInParts(
                vault().url,
                () -> vault().system.application().jwt("user", "session"),
                store.place().authorityPem(),
                value);
    }

    @Override
    public void close() {
        if (user != null) user.close();
        if (application != null) application.close();
        bucket.close();
    }

    @Override
    public String toString() {
        return store.name() + (versioned ? ", a bucket with versioning" : ", a bucket that the operator creates");
    }
}
