package dev.lunasec.tokenizer.grant;

import dev.lunasec.testbed.EmbeddedRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;

/** A Redis of its own, the grants of two pods in it, and somebody who may send it any command. */
final class TwoPods implements AutoCloseable {
    final EmbeddedRedis redis = new EmbeddedRedis();
    final RedisGrants one = new RedisGrants(redis.url(), null, Duration.ofHours(1));
    final RedisGrants another = new RedisGrants(redis.url(), null, Duration.ofHours(1));
    private final RedisClient client = RedisClient.create(redis.url());
    final RedisCommands<String, String> administrator = client.connect().sync();

    @Override
    public void close() {
        client.close();
        another.close();
        one.close();
        redis.close();
    }
}
