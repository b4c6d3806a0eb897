package dev.lunasec.bench;

import dev.lunasec.bench.Servers.Server;
import dev.lunasec.bench.VaultProcess.Redis;
import dev.lunasec.bench.Window.Counters;
import dev.lunasec.contract.TokenizerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * The first call of {@code /detokenize} after a grant, in a pod that does not have the record, while each request to
 * the store takes longer.
 */
final class AfterGrant {
    /** How much longer. */
    static final Duration DELAY = Duration.ofMillis(25);

    /** The rate at which latencies are measured, in requests per second. */
    static final int RATE = 200;

    private static final Duration AT_RATE = Duration.ofSeconds(6);
    private static final Duration LEAD_IN = Duration.ofSeconds(1);

    /** How many calls are made at the rate. */
    static final int AT_RATE_CALLS = RATE * (int) AT_RATE.plus(LEAD_IN).toSeconds();

    /** As good as no limit: a load then ends with its last request. */
    private static final Duration DAY = Duration.ofDays(1);

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(500);

    /** How many pauses at most the copies of records may take. */
    private static final int PATIENCE = 40;

    private final Parameters parameters;
    private final VaultProcess vault;
    private final Servers servers;

    /**
     * What was measured.
     *
     * @param title what the pods do
     * @param first the first calls after their grants, as many at the same time as there are connections
     * @param warm calls for records that are in the pod, for comparison
     * @param micros latencies of further first calls at {@link #RATE}, in microseconds
     * @param redis bytes that Redis has for each token
     */
    record Result(String title, Window first, Window warm, Histogram micros, double redis) {}

    AfterGrant(Parameters parameters, VaultProcess vault, Servers servers) {
        this.parameters = parameters;
        this.vault = vault;
        this.servers = servers;
    }

    /**
     * Measures two new pods: one makes the tokens and sets the grants, the other one gets the calls.
     *
     * @param copies whether Redis keeps copies of records
     */
    Result measure(String title, boolean copies) throws IOException, InterruptedException {
        int connections = parameters.connections();
        String name = copies ? "copies" : "plain";
        Path settings = settings(copies);
        try (Server writer = servers.pod(settings);
                Server reader = servers.pod(settings)) {
            byte[][] known = new Tokens(vault, writer.port(), name + "-early-", connections, 4).detokenize();
            Requests warm = Requests.cycle(known, connections);
            Duration seconds = parameters.seconds();
            var unused = run(reader, warm, seconds, seconds);
            Redis before = vault.redis();
            int each = parameters.grantedTokens() / connections;
            byte[][] granted = new Tokens(vault, writer.port(), name + "-late-", connections, each).detokenize();
            Redis after = awaitCopies();
            vault.delay(DELAY);
            Requests once = Requests.once(granted);
            Histogram micros;
            try (OpenLoop open = new OpenLoop(reader.port(), 2 * connections, once)) {
                micros = open.run(RATE, LEAD_IN, AT_RATE);
            }
            return new Result(
                    title,
                    run(reader, once, Duration.ZERO, DAY),
                    run(reader, warm, LEAD_IN, seconds),
                    micros,
                    (double) (after.bytes() - before.bytes()) / granted.length);
        } finally {
            vault.delay(Duration.ZERO);
        }
    }

    /** Writes the settings of the vault with copies or without. */
    private Path settings(boolean copies) throws IOException {
        Path usual = ImageProcess.files(vault.folder).settings();
        TokenizerSettings read = TokenizerSettings.parse(Files.readString(usual));
        TokenizerSettings.Grants grants = read.grants();
        TokenizerSettings settings = new TokenizerSettings(
                read.vault(),
                read.storage(),
                new TokenizerSettings.Grants(grants.defaultDuration(), grants.maximumDuration(), copies),
                read.auth(),
                read.issuers(),
                read.applications(),
                read.frame());
        return Files.writeString(usual.resolveSibling("settings-of-copies.json"), settings.toJson());
    }

    private Window run(Server pod, Requests requests, Duration leadIn, Duration measured) throws IOException {
        return new ClosedLoop(requests, () -> Counters.of(pod.process(), vault), leadIn, measured)
                .run(pod.port(), parameters.connections());
    }

    /** Waits until Redis gets no more keys: a pod writes copies after it has answered. */
    private Redis awaitCopies() throws IOException {
        Redis last = vault.redis();
        for (int i = 0; i < PATIENCE; i++) {
            LockSupport.parkNanos(PAUSE);
            Redis now = vault.redis();
            if (now.keys() <= last.keys()) return now;
            last = now;
        }
        throw new IOException("Redis still gets new keys, although no pod is called");
    }
}
