package dev.lunasec.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import redis.embedded.RedisSentinel;
import redis.embedded.core.RedisSentinelBuilder;

/**
 * A Sentinel with a password, which watches a primary on this host. When the primary is silent for two seconds, it
 * makes one of its replicas the primary.
 */
public final class EmbeddedSentinel implements AutoCloseable {
    private static final String PASSWORD = "sentinel";
    private static final String NAME = "vault";

    private final int port = FreePort.find();
    private final RedisSentinel sentinel;

    /**
     * Starts it.
     *
     * @param primary its port
     * @param rights of the user, as rules of a Redis ACL
     */
    public EmbeddedSentinel(int primary, String rights) {
        RedisSentinelBuilder configuration = RedisSentinel.newRedisSentinel()
                .bind("127.0.0.1")
                .port(port)
                .masterName(NAME)
                .masterPort(primary)
                .quorumSize(1)
                .downAfterMilliseconds(2000)
                .failOverTimeout(5000)
                .parallelSyncs(1);
        RedisProgram.named().ifPresent(configuration::executableProvider);
        // The settings of the primary come after the line that names it.
        configuration.addDefaultReplicationGroup();
        sentinel = configuration
                .setting("sentinel auth-pass " + NAME + " " + EmbeddedRedis.PASSWORD)
                .setting("user default on resetpass >" + PASSWORD + " " + rights)
                .build();
        try {
            sentinel.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    /** The URL of the primary. */
    public String url() {
        return url("redis-sentinel", port);
    }

    /** The URL with another scheme, or through a relay. */
    public String url(String scheme, int by) {
        return scheme + "://:" + EmbeddedRedis.PASSWORD + "@127.0.0.1:" + by + "?sentinelPassword=" + PASSWORD + "#"
                + NAME;
    }

    @Override
    public void close() {
        try {
            sentinel.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
