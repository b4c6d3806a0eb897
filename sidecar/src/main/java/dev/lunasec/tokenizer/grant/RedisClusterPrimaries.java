package dev.lunasec.tokenizer.grant;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.RedisUrl.Host;
import dev.lunasec.tokenizer.failure.CallFailed;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.codec.StringCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The primaries of a Redis Cluster, which its nodes name. After a question that fails, the nodes are asked again, so
 * that calls succeed soon after a failover.
 */
final class RedisClusterPrimaries implements RedisPrimaries {
    private final RedisClients clients;
    private final RedisClusterClient cluster;
    private final RedisClient withoutReconnect;
    private final RedisSharedConnection<StatefulRedisClusterConnection<String, String>> shared;

    /** One for each primary that was asked to have something confirmed. */
    private final Map<Host, RedisSharedConnection<StatefulRedisConnection<String, String>>> confirming =
            new ConcurrentHashMap<>();

    /** When the nodes were asked last, in the time of {@link System#nanoTime()}. */
    private final AtomicLong asked;

    /** @param clients closes them at the end */
    RedisClusterPrimaries(RedisClients clients) {
        this.clients = clients;
        cluster = clients.clusterClient();
        withoutReconnect = clients.client(false);
        shared = new RedisSharedConnection<>(this::connect, true);
        asked = new AtomicLong(System.nanoTime());
    }

    @Override
    public <T> T ask(Function<RedisClusterAsyncCommands<String, String>, T> question) {
        return on(shared, redis -> question.apply(redis.async()));
    }

    /**
     * If another node has become the primary, and the nodes were not asked since, this one answers with a redirect.
     * Then it has written nothing, and the question fails.
     */
    @Override
    public <T> T askPrimaryOf(
            String key, BiFunction<RedisClusterAsyncCommands<String, String>, ReentrantLock, T> question) {
        Partitions nodes = on(shared, StatefulRedisClusterConnection::getPartitions);
        RedisClusterNode primary = nodes.getMasterBySlot(SlotHash.getSlot(key));
        if (primary == null) {
            askForPrimaries();
            throw RedisSharedConnection.unavailable(null);
        }
        forgetOthers(nodes.stream().map(RedisClusterPrimaries::host).collect(Collectors.toSet()));
        var connection = confirming.computeIfAbsent(host(primary), this::withoutReconnect);
        return on(connection, redis -> question.apply(redis.async(), connection.blocking()));
    }

    @Override
    public List<String> info(String section) {
        return on(shared, redis -> {
            List<String> answers = new ArrayList<>();
            for (Host primary : primaries(redis)) {
                answers.add(RedisClients.await(redis.getConnection(primary.name(), primary.port())
                        .async()
                        .info(section)));
            }
            return answers;
        });
    }

    @Override
    public void close() {
        clients.close();
    }

    /**
     * Connects to all primaries before the first command, because Lettuce rejects commands for a node it connects to.
     */
    private StatefulRedisClusterConnection<String, String> connect() {
        StatefulRedisClusterConnection<String, String> redis = cluster.connect(StringCodec.UTF8);
        CompletableFuture<?>[] connecting = primaries(redis).stream()
                .map(primary -> redis.getConnectionAsync(primary.name(), primary.port()))
                .toArray(CompletableFuture[]::new);
        // A primary that cannot be reached fails only the commands for it.
        CompletableFuture.allOf(connecting)
                .handle((done, failed) -> failed == null)
                .completeOnTimeout(false, RedisClients.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        return redis;
    }

    private <C extends StatefulConnection<String, String>, T> T on(
            RedisSharedConnection<C> connection, Function<C, T> question) {
        try {
            return connection.ask(question);
        } catch (CallFailed e) {
            if (e.failure() == ErrorCode.GRANTS_UNAVAILABLE) askForPrimaries();
            throw e;
        }
    }

    /** Asks the nodes for the primaries, unless that was done a moment ago. The next calls use their answer. */
    private void askForPrimaries() {
        long now = System.nanoTime();
        long last = asked.get();
        if (now - last < RedisClients.TOPOLOGY_AT_MOST_EVERY.toNanos() || !asked.compareAndSet(last, now)) return;
        // If no node answers, the next call that fails asks again.
        var unused = cluster.refreshPartitionsAsync();
    }

    private RedisSharedConnection<StatefulRedisConnection<String, String>> withoutReconnect(Host primary) {
        RedisURI server = clients.server(primary, 0);
        return new RedisSharedConnection<>(() -> withoutReconnect.connect(StringCodec.UTF8, server), false);
    }

    /** Closes the connections to nodes that have left. */
    private void forgetOthers(Set<Host> nodes) {
        for (Host host : List.copyOf(confirming.keySet())) {
            if (nodes.contains(host)) continue;
            var left = confirming.remove(host);
            if (left != null) left.close();
        }
    }

    private static List<Host> primaries(StatefulRedisClusterConnection<String, String> redis) {
        return redis.getPartitions().stream()
                .filter(node -> node.is(NodeFlag.UPSTREAM) && !node.hasNoSlots())
                .map(RedisClusterPrimaries::host)
                .toList();
    }

    private static Host host(RedisClusterNode node) {
        return new Host(node.getUri().getHost(), node.getUri().getPort());
    }
}
