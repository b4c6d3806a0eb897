package dev.lunasec.testbed;

import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.io.UncheckedIOException;
import redis.embedded.RedisServer;

/** A real redis-server with a password, which can be stopped and started again on its port. */
public final class EmbeddedRedis implements AutoCloseable {
    private static final String PASSWORD = "embedded";

    private final int port;
    private RedisServer server;

    public EmbeddedRedis() {
        port = FreePort.find();
        server = start();
    }

    public String url() {
        return url(port);
    }

    /** By way of another port of this host. */
    public String url(int by) {
        return "redis://:" + PASSWORD + "@127.0.0.1:" + by;
    }

    /** What an administrator types. */
    public void command(String name, String... arguments) {
        CommandArgs<String, String> rest = new CommandArgs<>(StringCodec.UTF8);
        for (String argument : arguments) rest.add(argument);
        try (RedisClient client = RedisClient.create(url())) {
            client.connect().sync().dispatch(CommandType.valueOf(name), new StatusOutput<>(StringCodec.UTF8), rest);
        }
    }

    public int port() {
        return port;
    }

    public void goAway() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty, as a Redis without persistence does. */
    public void comeBack() {
        server = start();
    }

    @Override
    public void close() {
        goAway();
    }

    private RedisServer start() {
        try {
            RedisServer started = RedisServer.newRedisServer()
                    .port(port)
                    .bind("127.0.0.1")
                    .setting("requirepass " + PASSWORD)
                    .setting("save \"\"")
                    .build();
            started.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
