package dev.lunasec.bench;

import dev.lunasec.bench.Servers.Server;
import dev.lunasec.bench.Window.Counters;
import dev.lunasec.contract.BucketLayout;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.testing.VaultBucket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The loads of a run. All have as many connections, or callers, at the same time. */
final class Loads implements AutoCloseable {
    /** Measures a load once. */
    interface Runner {
        Window run(Duration leadIn, Duration measured) throws IOException, InterruptedException;
    }

    private final int connections;
    private final Server pod;
    private final Server baseline;
    private final @Nullable OpenBao openBao;
    private final S3Connection store;
    private final byte[][] warm;
    private final Map<Load, Runner> runners = new EnumMap<>(Load.class);

    private Loads(
            int connections,
            Server pod,
            Server baseline,
            @Nullable OpenBao openBao,
            S3Connection store,
            byte[][] warm) {
        this.connections = connections;
        this.pod = pod;
        this.baseline = baseline;
        this.openBao = openBao;
        this.store = store;
        this.warm = warm;
    }

    /**
     * Makes the tokens, starts the baseline, and fills the store.
     *
     * @param openBao closed with the loads; null if it is not measured
     */
    static Loads prepare(
            Parameters parameters, Servers servers, VaultProcess vault, Server pod, @Nullable OpenBao openBao)
            throws IOException, InterruptedException {
        int connections = parameters.connections();
        Tokens tokens = new Tokens(vault, pod.port(), "session-", connections, parameters.tokens() / connections);
        byte[][] cold = new Tokens(vault, pod.port(), "other-", connections, parameters.coldTokens() / connections)
                .detokenize();
        byte[][] warm = tokens.detokenize();
        StoreLocation location = new StoreLocation(VaultBucket.NAME, "us-east-1", vault.store, true);
        Loads loads = new Loads(
                connections,
                pod,
                servers.baseline(answerLength(pod.port(), warm)),
                openBao,
                new S3Connection(location, VaultBucket.KEYS, null),
                warm);
        if (parameters.records() > 0) {
            new RecordsWithoutTokens(vault, Bucket.of(loads.store)).make(parameters.records(), connections);
        }
        loads.addPod(vault, tokens, cold);
        loads.addBaseline();
        loads.addStore();
        if (openBao != null) loads.addOpenBao(openBao);
        return loads;
    }

    private static int answerLength(int port, byte[][] detokenize) throws IOException {
        int[] length = new int[1];
        ClosedLoop.sendAll(port, 1, new Requests() {
            @Override
            public byte @Nullable [] next(KeepAliveConnection connection) {
                return length[0] == 0 ? detokenize[0] : null;
            }

            @Override
            public void answered(KeepAliveConnection connection) {
                length[0] = connection.length();
            }
        });
        return length[0];
    }

    private void addPod(VaultProcess vault, Tokens tokens, byte[][] cold) throws IOException {
        Supplier<Counters> counters = () -> counters(pod.process(), vault);
        add(Load.WARM, pod.port(), Requests.cycle(warm, connections), counters);
        add(Load.COLD, pod.port(), Requests.cycle(cold, connections), counters);
        byte[][] tokenize = new byte[2 * connections][];
        for (int i = 0; i < tokenize.length; i++) tokenize[i] = Tokens.tokenize(vault.jwt("user", "maker-" + i));
        add(Load.TOKENIZE, pod.port(), Requests.cycle(tokenize, connections), counters);
        String application = vault.jwt("application", "");
        // Short grants, because a caller can have a limited number of valid ones.
        byte[][] grants =
                tokens.requests((connection, token) -> Tokens.grant(application, token, "reader-" + connection, "30s"));
        add(Load.GRANT, pod.port(), Requests.cycle(grants, connections), counters);
    }

    private void addBaseline() {
        add(Load.BASELINE, baseline.port(), baselineRequests(connections), () -> counters(baseline.process(), null));
    }

    private void addStore() {
        Bucket bucket = Bucket.of(store);
        StoreLoad.fill(bucket);
        runners.put(
                Load.STORE_GET,
                (leadIn, measured) -> StoreLoad.gets(bucket, connections).run(leadIn, measured));
        runners.put(
                Load.STORE_PUT,
                (leadIn, measured) -> StoreLoad.puts(bucket, connections).run(leadIn, measured));
    }

    private void addOpenBao(OpenBao peer) throws IOException, InterruptedException {
        byte[][] decrypt = new byte[connections][];
        byte[][] encrypt = new byte[connections][];
        for (int i = 0; i < connections; i++) {
            decrypt[i] = peer.decrypt();
            encrypt[i] = peer.encrypt();
        }
        Supplier<Counters> counters = () -> new Counters(peer.process.cpuMicros(), -1, -1);
        add(Load.BAO_DECRYPT, peer.port, Requests.cycle(decrypt, connections), counters);
        add(Load.BAO_ENCRYPT, peer.port, Requests.cycle(encrypt, connections), counters);
    }

    private void add(Load load, int port, Requests requests, Supplier<Counters> counters) {
        runners.put(
                load,
                (leadIn, measured) -> new ClosedLoop(requests, counters, leadIn, measured).run(port, connections));
    }

    private static Counters counters(MeasuredProcess process, @Nullable VaultProcess vault) {
        try {
            return new Counters(process.cpuMicros(), process.allocated(), vault == null ? -1 : vault.reads());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Requests baselineRequests(int connections) {
        byte[][] requests = new byte[Baseline.VALUES][];
        for (int i = 0; i < requests.length; i++) requests[i] = Requests.get(Baseline.path(i));
        return Requests.cycle(requests, connections);
    }

    /** Measures a load once; null if the load is not measured. */
    @Nullable
    Runner closed(Load load) {
        return runners.get(load);
    }

    /** A load of constant rate on the baseline, with enough connections for answers that are late. */
    OpenLoop openBaseline() throws IOException {
        return new OpenLoop(baseline.port(), 2 * connections, baselineRequests(2 * connections));
    }

    /** The same on a pod, with tokens whose records it has after a while. */
    OpenLoop openWarm(Server of) throws IOException {
        return new OpenLoop(of.port(), 2 * connections, Requests.cycle(warm, 2 * connections));
    }

    /** Runs the load of tokens whose records are in the pod on another pod, and measures nothing. */
    void warmUp(Server other, Duration time) throws IOException {
        var unused = new ClosedLoop(Requests.cycle(warm, connections), () -> Counters.NONE, Duration.ZERO, time)
                .run(other.port(), connections);
    }

    /** How many records of a share the store has, at most 1,000. */
    int records(int share) {
        return store.s3()
                .listObjectsV2(list -> list.bucket(VaultBucket.NAME).prefix(BucketLayout.RECORDS + share + "/"))
                .keyCount();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        store.close();
        if (openBao != null) openBao.close();
        baseline.close();
    }
}
