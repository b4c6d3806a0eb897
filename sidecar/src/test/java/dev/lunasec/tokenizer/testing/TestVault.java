package dev.lunasec.tokenizer.testing;

import dev.lunasec.settings.TokenizerEnvironment;
import dev.lunasec.settings.TokenizerSettings;
import dev.lunasec.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;

/** A whole tokenizer in this JVM, on a real store, a real Redis and a real issuer, with the files that a pod would have. */
public final class TestVault implements AutoCloseable {
    public final EmbeddedStore store = new EmbeddedStore();
    public final EmbeddedRedis redis = new EmbeddedRedis();
    public final DemoIssuer issuer = new DemoIssuer();
    public final Path folder;
    private final Tokenizer tokenizer;

    public TestVault(Path folder) {
        this.folder = folder;
        try {
            tokenizer = Tokenizer.create(environment());
            if (tokenizer.start() != null) throw new IllegalStateException("the embedded store is not fit");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + tokenizer.port());
    }

    public URI management() {
        return URI.create("http://127.0.0.1:" + tokenizer.managementPort());
    }

    /** Writes the files of a pod. */
    private TokenizerEnvironment environment() throws IOException {
        TokenizerSettings settings = new TokenizerSettings(
                new TokenizerSettings.VaultName("payments", "vault"),
                new TokenizerSettings.Storage(
                        EmbeddedStore.BUCKET,
                        "us-east-1",
                        store.endpoint(),
                        null,
                        true,
                        100L << 20,
                        Duration.ofSeconds(60),
                        false),
                new TokenizerSettings.Grants(Duration.ofMinutes(15), Duration.ofHours(1)),
                List.of(new TokenizerSettings.Issuer(
                        "shop", DemoIssuer.ISSUER, DemoIssuer.AUDIENCE, issuer.jwksUrl(), null)),
                List.of());
        Path keyring = Files.createDirectories(folder.resolve("keyring"));
        Files.write(keyring.resolve("lookup"), random());
        Files.write(keyring.resolve("share-1"), random());
        Files.writeString(keyring.resolve("primary"), "1");
        Path credentials = Files.createDirectories(folder.resolve("storage"));
        Files.writeString(credentials.resolve("accessKeyId"), EmbeddedStore.KEYS.accessKeyId());
        Files.writeString(credentials.resolve("secretAccessKey"), EmbeddedStore.KEYS.secretAccessKey());
        return new TokenizerEnvironment(
                Files.writeString(folder.resolve("settings.json"), settings.toJson()),
                keyring,
                Files.writeString(folder.resolve("redis-url"), redis.url()),
                null,
                credentials,
                null,
                null,
                null,
                folder.resolve("termination-log"),
                InetAddress.getLoopbackAddress(),
                0,
                0);
    }

    private static byte[] random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() {
        tokenizer.close();
        issuer.close();
        redis.close();
        store.close();
    }
}
