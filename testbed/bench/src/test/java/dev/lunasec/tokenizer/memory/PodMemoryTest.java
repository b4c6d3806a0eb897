package dev.lunasec.tokenizer.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.bench.ImageProcess;
import dev.lunasec.testbed.BusyConnections;
import dev.lunasec.testbed.BusyConnections.Request;
import dev.lunasec.testbed.FreePort;
import dev.lunasec.testbed.KubeletVolume;
import dev.lunasec.testbed.TestAuthority;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.TestVault;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tokenizer with the options of the image in a control group with the memory limit of a pod, and 1,000 connections
 * that ask as fast as they can, until {@value #ENOUGH} calls are served. {@code LOAD_SECONDS} makes it last longer. It
 * needs root, for the control group. It prints what the JVM counts of its memory at the end.
 */
@Tag("full")
@Timeout(4_000)
class PodMemoryTest {
    private static final long LIMIT = ImageProcess.MEMORY;

    private static final int CONNECTIONS = 1_000;
    /** With a heap of 75 % of the limit, a pod was killed after 13,113 calls. */
    private static final int ENOUGH = 20_000;

    /** A machine that serves fewer calls in this time is too slow for the test. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** Shorter than a JWT lasts, and the grant that a caller gets with its token. */
    private static final Duration RENEWAL = Duration.ofMinutes(10);

    private static final Duration LOAD =
            Duration.ofSeconds(Long.parseLong(System.getenv().getOrDefault("LOAD_SECONDS", "20")));

    @TempDir
    Path folder;

    @Test
    void aThousandBusyConnectionsLeaveFifteenPercentOfTheMemory() throws Exception {
        try (TestVault vault = new TestVault(folder)) {
            load(vault, null, new Api(vault.url()), SocketFactory.getDefault());
        }
    }

    @Test
    void aThousandBusyTlsConnectionsLeaveFifteenPercentOfTheMemory() throws Exception {
        TestAuthority authority = new TestAuthority("internal");
        KubeletVolume mounted = new KubeletVolume(folder.resolve("tls"));
        TestAuthority.Issued issued = authority.issue(TestAuthority.rsa());
        mounted.write(Map.of("tls.crt", issued.certificatePem(), "tls.key", issued.pkcs8KeyPem()));
        try (TestVault vault = TestVault.in(folder).tls(mounted.folder()).start()) {
            load(
                    vault,
                    mounted.folder(),
                    new Api(vault.url(), authority.client()),
                    authority.client().getSocketFactory());
        }
    }

    private void load(TestVault vault, @Nullable Path tls, Api api, SocketFactory sockets) throws Exception {
        int port = FreePort.find();
        BusyConnections busy = new BusyConnections(sockets, "127.0.0.1", port);
        try (MemoryLimit limit = new MemoryLimit(LIMIT)) {
            Process pod = pod(limit, port, tls);
            try {
                awaitStart(pod);
                long idle = limit.used();
                long most = drive(vault, api, busy, limit, pod);
                System.out.printf(
                        "%s: %d MiB idle, %d MiB at most, %d served, %d answered 429 or 503, %d failed%n",
                        tls == null ? "plain" : "TLS",
                        idle >> 20,
                        most >> 20,
                        busy.served(),
                        busy.busy(),
                        busy.failed());
                assertThat(pod.isAlive()).as("the pod").isTrue();
                System.out.print(NativeMemory.table(pod));
                assertThat(most).as("bytes of memory").isLessThanOrEqualTo(LIMIT * 85 / 100);
                assertThat(busy.served()).isGreaterThanOrEqualTo(ENOUGH);
                assertThat(busy.failed()).as("failures: %s", busy.failures()).isZero();
            } finally {
                pod.destroyForcibly().waitFor();
            }
        }
    }

    /** Asks on all connections, and returns the most memory that was used meanwhile. */
    private static long drive(TestVault vault, Api api, BusyConnections busy, MemoryLimit limit, Process pod)
            throws Exception {
        List<Caller> known = callers(vault, api);
        long began = System.nanoTime();
        BooleanSupplier over = () -> {
            long lasted = System.nanoTime() - began;
            return lasted > LOAD.toNanos() && (busy.served() >= ENOUGH || lasted > LONGEST.toNanos());
        };
        long most = 0;
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CONNECTIONS; i++) {
                Caller caller = known.get(i % known.size());
                callers.execute(() -> busy.ask(call -> request(caller.current(), call), over));
            }
            callers.shutdown();
            while (!callers.isTerminated() && pod.isAlive()) {
                most = Math.max(most, limit.used());
                if (callers.awaitTermination(100, TimeUnit.MILLISECONDS)) break;
            }
        }
        return most;
    }

    /** Fifty users of a session each, and as many times the same application. */
    private static List<Caller> callers(TestVault vault, Api api) {
        List<Caller> callers = new ArrayList<>();
        Caller application = new Caller(() -> credentials(vault.issuer.jwt("application", ""), api));
        for (int i = 0; i < 50; i++) {
            String session = "session-" + i;
            callers.add(new Caller(() -> credentials(vault.issuer.jwt("user", session), api)));
            callers.add(application);
        }
        return callers;
    }

    private static Credentials credentials(String jwt, Api api) {
        return new Credentials(
                jwt, api.post("/tokenize", jwt, "{}").data().get("tokenId").textValue());
    }

    /** Many connections share the credentials of a caller, which are made anew before they expire. */
    private static final class Caller {
        private final Supplier<Credentials> issuer;
        private Credentials current;
        private long renewal = System.nanoTime() + RENEWAL.toNanos();

        Caller(Supplier<Credentials> issuer) {
            this.issuer = issuer;
            this.current = issuer.get();
        }

        synchronized Credentials current() {
            if (System.nanoTime() - renewal > 0) {
                current = issuer.get();
                renewal = System.nanoTime() + RENEWAL.toNanos();
            }
            return current;
        }
    }

    private record Credentials(String jwt, String token) {}

    private static Request request(Credentials now, int call) {
        return call % 10 == 0
                ? new Request("/tokenize", now.jwt, "{}")
                : new Request("/detokenize", now.jwt, Api.of(now.token));
    }

    private Process pod(MemoryLimit limit, int port, @Nullable Path tls) throws IOException {
        String classPath = System.getProperty("java.class.path");
        ProcessBuilder pod =
                ImageProcess.tokenizer(classPath, List.of(NativeMemory.OPTION), folder, tls, port, FreePort.find());
        return pod.command(limit.command(pod.command())).start();
    }

    /** Reads the log of the pod to its end, and returns when the pod says that it serves. */
    private static void awaitStart(Process pod) throws InterruptedException {
        CountDownLatch serving = new CountDownLatch(1);
        Thread.startVirtualThread(() -> {
            try (BufferedReader log = pod.inputReader()) {
                for (String line = log.readLine(); line != null; line = log.readLine()) {
                    if (!line.startsWith("{")) System.out.println(line);
                    if (line.contains("serving on port")) serving.countDown();
                }
            } catch (IOException e) {
                // The pod has ended.
            }
        });
        assertThat(serving.await(2, TimeUnit.MINUTES)).as("the pod has started").isTrue();
    }
}
