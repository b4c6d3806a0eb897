package dev.lunasec.tokenizer.grant;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A Redis with one primary: at an address, or where sentinels say. */
final class RedisSinglePrimary implements RedisPrimaries {
    private final RedisClients clients;
    private final RedisSharedConnection<StatefulRedisConnection<String, String>> shared;
    private final RedisSharedConnection<StatefulRedisConnection<String, String>> confirming;

    /** @param clients closes them at the end */
    RedisSinglePrimary(RedisClients clients, RedisURI primary) {
        this.clients = clients;
        RedisClient reconnecting = clients.client(true);
        RedisClient withoutReconnect = clients.client(false);
        shared = new RedisSharedConnection<>(() -> reconnecting.connect(StringCodec.UTF8, primary), true);
        confirming = new RedisSharedConnection<>(() -> withoutReconnect.connect(StringCodec.UTF8, primary), false);
    }

    @Override
    public <T> T ask(Function<RedisClusterAsyncCommands<String, String>, T> question) {
        return shared.ask(redis -> question.apply(redis.async()));
    }

    @Override
    public <T> T askPrimaryOf(
            String key, BiFunction<RedisClusterAsyncCommands<String, String>, ReentrantLock, T> question) {
        return confirming.ask(redis -> question.apply(redis.async(), confirming.blocking()));
    }

    @Override
    public List<String> info(String section) {
        String info = ask(redis -> RedisClients.await(redis.info(section)));
        return List.of(info);
    }

    @Override
    public void close() {
        clients.close();
    }
}
