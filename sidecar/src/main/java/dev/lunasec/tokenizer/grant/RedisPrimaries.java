package dev.lunasec.tokenizer.grant;

import dev.lunasec.contract.RedisUrl;
import dev.lunasec.contract.RedisUrl.Cluster;
import dev.lunasec.contract.RedisUrl.Sentinel;
import dev.lunasec.contract.RedisUrl.Standalone;
import dev.lunasec.tokenizer.failure.CallFailed;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a Redis that take writes. The tokenizer asks no others. Every method throws {@link CallFailed} with
 * {@link dev.lunasec.contract.ErrorCode#GRANTS_UNAVAILABLE} when Redis gives no answer in time, and with {@link
 * dev.lunasec.contract.ErrorCode#GRANTS_FULL} when it has no memory for what the question writes.
 */
interface RedisPrimaries extends AutoCloseable {
    /** Those of a URL; connects with the first question. */
    static RedisPrimaries of(RedisUrl url, @Nullable String trustedCA) {
        RedisClients clients = new RedisClients(url, trustedCA);
        return switch (url.topology()) {
            case Standalone single ->
                new RedisSinglePrimary(clients, clients.server(url.hosts().getFirst(), single.database()));
            case Sentinel sentinel -> new RedisSinglePrimary(clients, clients.watched(sentinel));
            case Cluster() -> new RedisClusterPrimaries(clients);
        };
    }

    /** Asks the primary of each key, on a connection that all callers share. */
    <T> T ask(Function<RedisClusterAsyncCommands<String, String>, T> question);

    /**
     * Asks one primary, for what its replicas must confirm: Redis confirms only what came over the same connection, and
     * answers nothing else on it until then. So this connection is another one, and Lettuce neither replaces it nor
     * follows a redirect. If it ends, the question fails.
     *
     * @param key of which this is the primary
     * @param question gets {@link RedisSharedConnection#blocking} too
     */
    <T> T askPrimaryOf(String key, BiFunction<RedisClusterAsyncCommands<String, String>, ReentrantLock, T> question);

    /** What {@code INFO} says on each primary. */
    List<String> info(String section);

    @Override
    void close();
}
