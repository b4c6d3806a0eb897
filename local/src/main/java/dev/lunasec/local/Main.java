package dev.lunasec.local;

import dev.lunasec.client.TokenizerException;
import dev.lunasec.contract.TokenizerEnvironment;
import dev.lunasec.controlplane.ControlPlaneException;
import dev.lunasec.controlplane.Folders;
import dev.lunasec.controlplane.Progress;
import dev.lunasec.local.shop.Shop;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * {@code ./run}: starts the system, a vault and the demo shop, makes one round trip, prints how to use them, and waits.
 */
public final class Main {
    private static final Duration READY = Duration.ofMinutes(3);
    private static final Path RUN = Path.of(".run");
    private static final Path DATABASE = RUN.resolve("shop.db");
    private static final Progress PROGRESS = Progress.toStandardOutput();
    private static final Thread MAIN = Thread.currentThread();

    private Main() {}

    /** {@code --once}: ends after the round trip and a visit of the shop, with status 0 if both succeeded. */
    public static void main(String[] args) throws IOException {
        boolean once = Arrays.equals(args, new String[] {"--once"});
        if (args.length > 0 && !once) {
            System.err.println("usage: ./run [--once]");
            System.exit(2);
        }
        Files.createDirectories(RUN);
        System.exit(run(once));
    }

    private static int run(boolean once) {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            interrupted.countDown();
            MAIN.interrupt();
            awaitForEver(stopped);
        }));
        try (LocalSystem system = system()) {
            bringUpAndWait(system, once, interrupted);
            return 0;
        } catch (ControlPlaneException | TokenizerException | IllegalStateException | IOException e) {
            if (interrupted.getCount() > 0) System.err.println("It does not work: " + e.getMessage());
            return 1;
        } finally {
            delete();
            stopped.countDown();
        }
    }

    private static LocalSystem system() throws IOException {
        StorePlace external = StorePlace.named(System.getenv()).orElse(null);
        return new LocalSystem(RUN.resolve("system"), PROGRESS, Map.of(), external);
    }

    private static void bringUpAndWait(LocalSystem system, boolean once, CountDownLatch interrupted)
            throws IOException {
        try (Shop shop = bringUp(system, once)) {
            if (!once) interrupted.await();
        } catch (InterruptedException e) {
            System.out.println();
        }
        // What follows takes its time, and is not what was interrupted.
        Thread.interrupted();
    }

    private static Shop bringUp(LocalSystem system, boolean once) throws IOException, InterruptedException {
        GenericKubernetesResource example = LocalVault.read(Files.readString(Path.of("examples/vault.yaml")));
        String namespace = example.getMetadata().getNamespace();
        String name = example.getMetadata().getName();
        int port = system.publish(namespace, name, TokenizerEnvironment.DEFAULT_PORT);
        if (port != TokenizerEnvironment.DEFAULT_PORT) {
            PROGRESS.line("port " + TokenizerEnvironment.DEFAULT_PORT + " is in use, so the tokenizer is at " + port);
        }
        LocalShop demo = new LocalShop(system, ShopAddresses.withVaultAt(port), DATABASE);
        PROGRESS.line("applying examples/vault.yaml, with this machine's " + LocalVault.REPLACED);
        GenericKubernetesResource applied = demo.apply(example);
        StorePlace store = system.storePlace();
        if (!store.isEmbedded()) {
            String bucket = applied.get("spec", "storage", "bucket");
            PROGRESS.line(
                    "the vault uses the bucket " + bucket + " of " + store.endpoint() + ", which stays after the end");
        }
        try (Progress.Step step = PROGRESS.step("waiting until the vault is Ready")) {
            step.detail("namespace " + namespace + ", name " + name);
            new VaultWatch(system.client(), namespace, name).untilReady(READY, PROGRESS::line);
        }
        URI tokenizer = URI.create("http://127.0.0.1:" + port);
        try (Progress.Step step = PROGRESS.step("storing and reading back")) {
            step.detail("a text and a file of 5 MiB");
            RoundTrip.run(tokenizer, system.application(), system.storePlace().authority(), RUN);
        }
        PROGRESS.line("an application stored a text and a file of 5 MiB, read both back and compared every byte");
        Shop shop = demo.start(tokenizer, applied);
        try {
            if (once) new ShopRoundTrip(shop.url(), tokenizer, store.authority()).run(DATABASE, PROGRESS::line);
            else instruct(system, tokenizer, demo.origin(), namespace);
            return shop;
        } catch (IOException | RuntimeException e) {
            shop.close();
            throw e;
        }
    }

    private static void instruct(LocalSystem system, URI tokenizer, String shop, String namespace) throws IOException {
        URI store = system.storePlace().endpoint();
        Path kubeconfig = system.controlPlane().kubeconfig();
        Files.writeString(
                RUN.resolve("env"),
                "TOKENIZER_URL=" + tokenizer + "\nDEMO_URL="
                        + system.application().url() + "\nSHOP_URL="
                        + shop + "\nS3_URL="
                        + store + "\nKUBECONFIG="
                        + kubeconfig + "\nKUBECTL="
                        + system.controlPlane().binary("kubectl") + "\n");
        System.out.print(Instructions.shop(shop));
        System.out.println(Instructions.text(
                tokenizer,
                system.application().url(),
                store,
                kubeconfig,
                system.controlPlane().binary("kubectl"),
                namespace));
    }

    private static void delete() {
        try {
            Folders.delete(RUN);
        } catch (IOException e) {
            System.err.println("The folder .run could not be deleted: " + e.getMessage());
        }
    }

    private static void awaitForEver(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
