package dev.lunasec.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;

/** A Redis Cluster of three primaries on this host, each with a third of the slots. Its nodes have IPv4 addresses. */
public final class EmbeddedRedisCluster implements AutoCloseable {
    private static final int PRIMARIES = 3;
    private static final int SLOTS = 16384;

    /** What a node adds to its port for its connections to other nodes. */
    private static final int BUS = 10_000;

    private final List<EmbeddedRedis> nodes = new ArrayList<>();
    private final List<Integer> ports;
    private final List<Integer> announced;
    private final Path folder;

    /** Starts three primaries. They serve after about two seconds. */
    public EmbeddedRedisCluster() {
        this(PRIMARIES, Duration.ofSeconds(15), port -> port);
    }

    private EmbeddedRedisCluster(int size, Duration silence, IntUnaryOperator relay) {
        ports = FreePort.find(size, BUS);
        announced = ports.stream().map(relay::applyAsInt).toList();
        try {
            folder = Files.createTempDirectory("redis-cluster");
            for (int node = 0; node < size; node++) {
                // The nodes know each other from the start, so they need not meet first.
                Path state = Files.writeString(folder.resolve("nodes-" + node), state(node));
                List<String> settings = List.of(
                        "cluster-enabled yes",
                        "cluster-config-file " + state,
                        "cluster-announce-port " + announced.get(node),
                        "cluster-announce-bus-port " + (ports.get(node) + BUS),
                        "cluster-node-timeout " + silence.toMillis(),
                        "cluster-replica-validity-factor 0");
                nodes.add(new EmbeddedRedis(ports.get(node), settings));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The same with one replica for each primary.
     *
     * @param silence after which a node counts as failed, and its replica becomes the primary
     */
    public static EmbeddedRedisCluster withReplicas(Duration silence) {
        return new EmbeddedRedisCluster(2 * PRIMARIES, silence, port -> port);
    }

    /**
     * Three primaries that clients reach through relays.
     *
     * @param relay the port of the relay before the port of a node
     */
    public static EmbeddedRedisCluster behind(IntUnaryOperator relay) {
        return new EmbeddedRedisCluster(PRIMARIES, Duration.ofSeconds(15), relay);
    }

    /** Whether each node serves. */
    public boolean serves() {
        return nodes.stream().allMatch(node -> node.ask("CLUSTER", "INFO").contains("cluster_state:ok"));
    }

    /** The URL with all nodes as seeds. */
    public String url() {
        return "redis://:" + EmbeddedRedis.PASSWORD + "@"
                + announced.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    /** Those that are primaries in the beginning; each has a third of the slots, in this order. */
    public List<EmbeddedRedis> primaries() {
        return Collections.unmodifiableList(nodes.subList(0, PRIMARIES));
    }

    /** The replica of a primary. */
    public EmbeddedRedis replicaOf(EmbeddedRedis primary) {
        return nodes.get(PRIMARIES + nodes.indexOf(primary));
    }

    /** The id by which the other nodes know one. */
    public String id(EmbeddedRedis node) {
        return id(nodes.indexOf(node));
    }

    @Override
    public void close() {
        nodes.forEach(EmbeddedRedis::close);
        try {
            for (int node = 0; node < nodes.size(); node++) Files.deleteIfExists(folder.resolve("nodes-" + node));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file in which a node keeps what it knows, see {@code CLUSTER NODES}. */
    private String state(int self) {
        StringBuilder lines = new StringBuilder();
        for (int node = 0; node < ports.size(); node++) {
            int primary = node % PRIMARIES;
            lines.append("%s 127.0.0.1:%d@%d ".formatted(id(node), announced.get(node), ports.get(node) + BUS))
                    .append(node == self ? "myself," : "")
                    .append(node == primary ? "master -" : "slave " + id(primary))
                    .append(" 0 0 %d connected".formatted(primary + 1))
                    .append(node == primary ? slots(primary) : "")
                    .append('\n');
        }
        return lines.append("vars currentEpoch %d lastVoteEpoch 0%n".formatted(PRIMARIES))
                .toString();
    }

    private static String slots(int primary) {
        return " %d-%d".formatted(primary * SLOTS / PRIMARIES, (primary + 1) * SLOTS / PRIMARIES - 1);
    }

    private static String id(int node) {
        return "%040x".formatted(node + 1);
    }
}
