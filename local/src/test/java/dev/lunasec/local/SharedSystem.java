package dev.lunasec.local;

import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.controlplane.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The local system that all test classes of a JVM use. Each class has namespaces of its own, leaves the operator and
 * the store running, and deletes its vaults.
 */
final class SharedSystem {
    private static @Nullable LocalSystem system;

    private SharedSystem() {}

    /** Starts it at the first call; it ends with the JVM. */
    static synchronized LocalSystem get() {
        LocalSystem running = system;
        if (running == null) {
            try {
                running = system = new LocalSystem(
                        Files.createTempDirectory("local-system"),
                        Progress.silent(),
                        Map.of(EnvironmentVariables.MINIMUM_GRACE_PERIOD, "0s"),
                        null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
        }
        return running;
    }

    /** Deletes the vault of a namespace, and waits until it is gone; the operator must be running. */
    static void delete(String namespace) {
        var vault = get().client()
                .genericKubernetesResources(VaultWatch.TOKENIZERS)
                .inNamespace(namespace)
                .withName("vault");
        vault.delete();
        await().atMost(Duration.ofMinutes(5)).until(() -> vault.get() == null);
    }
}
