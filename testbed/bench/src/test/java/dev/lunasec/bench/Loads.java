package dev.lunasec.bench;

import dev.lunasec.bench.Servers.Server;
import dev.lunasec.bench.Window.Counters;
import dev.lunasec.contract.BucketLayout;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.testing.VaultBucket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The loads of a run. All have as many connections, or callers, at the same time. */
final class Loads implements AutoCloseable {
    static final int WARM_UP_PARTS = 4;

    /** Measures a load once. */
    interface Runner {
        Window run(Duration leadIn, Duration measured) throws IOException, InterruptedException;
    }

    private final int connections;
    private final Server pod;
    private final Server baseline;
    private final @Nullable OpenBao openBao;
    private final S3Connection store;
    private final VaultProcess vault;
    private final PodRequests requests;
    private final Map<Load, Runner> runners = new EnumMap<>(Load.class);

    private Loads(
            int connections,
            Server pod,
            Server baseline,
            @Nullable OpenBao openBao,
            S3Connection store,
            VaultProcess vault,
            PodRequests requests) {
        this.connections = connections;
        this.pod = pod;
        this.baseline = baseline;
        this.openBao = openBao;
        this.store = store;
        this.vault = vault;
        this.requests = requests;
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
        PodRequests requests = PodRequests.of(parameters, vault, pod.port());
        Loads loads = new Loads(
                connections,
                pod,
                servers.baseline(answerLength(pod.port(), requests.warm())),
                openBao,
                vault.connection(),
                vault,
                requests);
        loads.addRecords(parameters.records());
        loads.addPod();
        loads.addBaseline();
        loads.addStore();
        loads.addTransfers();
        if (openBao != null) loads.addOpenBao(openBao);
        return loads;
    }

    private static int answerLength(int port, byte[][] detokenize) throws IOException {
        try (KeepAliveConnection connection = KeepAliveConnection.blocking(0, port)) {
            connection.exchange(detokenize[0]);
            return connection.length();
        }
    }

    private void addPod() {
        Supplier<Counters> counters = () -> Counters.of(pod.process(), vault);
        add(Load.WARM, pod.port(), Requests.cycle(requests.warm(), connections), counters);
        add(Load.COLD, pod.port(), Requests.cycle(requests.cold(), connections), counters);
        add(Load.TOKENIZE, pod.port(), Requests.cycle(requests.tokenize(), connections), counters);
        add(Load.GRANT, pod.port(), Requests.cycle(requests.grant(), connections), counters);
    }

    /** Javalin with one GET of Redis. */
    Server baseline() {
        return baseline;
    }

    private void addBaseline() {
        add(Load.BASELINE, baseline.port(), baselineRequests(connections), () -> Counters.of(baseline.process(), null));
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

    private void addTransfers() throws IOException {
        String[] jwts = new String[connections];
        for (int i = 0; i < connections; i++) jwts[i] = vault.jwt("user", "owner-" + i);
        Transfers transfers = new Transfers(pod.port(), store, jwts, () -> Counters.of(pod.process(), vault));
        runners.put(Load.SIGNED_PUT, transfers::signedPuts);
        runners.put(Load.SIGNED_GET, transfers::signedGets);
        runners.put(Load.VALUE_PUT, transfers::puts);
        runners.put(Load.VALUE_GET, transfers::gets);
    }

    private void addOpenBao(OpenBao peer) throws IOException, InterruptedException {
        byte[][] decrypt = new byte[connections][];
        byte[][] encrypt = new byte[connections][];
        for (int i = 0; i < connections; i++) {
            decrypt[i] = peer.decrypt();
            encrypt[i] = peer.encrypt();
        }
        Supplier<Counters> counters = () -> new Counters(peer.process.cpuMicros(), -1, -1, -1);
        add(Load.BAO_DECRYPT, peer.port, Requests.cycle(decrypt, connections), counters);
        add(Load.BAO_ENCRYPT, peer.port, Requests.cycle(encrypt, connections), counters);
    }

    private void add(Load load, int port, Requests requests, Supplier<Counters> counters) {
        runners.put(
                load,
                (leadIn, measured) -> new ClosedLoop(requests, counters, leadIn, measured).run(port, connections));
    }

    private static Requests baselineRequests(int connections) {
        byte[][] requests = new byte[Baseline.VALUES][];
        for (int i = 0; i < requests.length; i++) requests[i] = Requests.get(Baseline.path(i));
        return Requests.cycle(requests, connections);
    }

    /** Writes further records into the store, which no request names. */
    void addRecords(int number) throws IOException, InterruptedException {
        Bucket bucket = Bucket.of(store);
        if (number > 0) new RecordsWithoutTokens(vault.folder).make(number, connections, bucket::put);
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
        return new OpenLoop(of.port(), 2 * connections, Requests.cycle(requests.warm(), 2 * connections));
    }

    /** The same with all kinds of calls: of ten, six find their records in the pod, and two do not. */
    OpenLoop openMixed(Server of) throws IOException {
        return new OpenLoop(of.port(), 2 * connections, Requests.cycle(requests.mixed(), 2 * connections));
    }

    /**
     * Runs the load of tokens whose records are in the pod on another pod.
     *
     * @param time divided into {@link #WARM_UP_PARTS}
     * @return requests per second in each part
     */
    List<Double> warmUp(Server other, Duration time) throws IOException {
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < WARM_UP_PARTS; i++) {
            rates.add(new ClosedLoop(
                            Requests.cycle(requests.warm(), connections),
                            () -> Counters.NONE,
                            Duration.ZERO,
                            time.dividedBy(WARM_UP_PARTS))
                    .run(other.port(), connections)
                    .rate());
        }
        return rates;
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
