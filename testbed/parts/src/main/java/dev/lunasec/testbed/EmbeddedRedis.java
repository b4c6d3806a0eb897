package dev.lunasec.testbed;

import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import redis.embedded.RedisServer;
import redis.embedded.core.ExecutableProvider;

/** A real redis-server with a password. It can be stopped and restarted on its port, and keeps nothing then. */
public final class EmbeddedRedis implements AutoCloseable {
    private static final String PASSWORD = "embedded";

    private final int port;
    private RedisServer server;

    public EmbeddedRedis() {
        port = FreePort.find();
        server = start();
    }

    /**
     * Writes the program into a folder.
     *
     * @return the path of a redis-server that this machine can run
     */
    public static Path program(Path folder) throws IOException {
        return ExecutableProvider.newJarResourceProvider(
                        Files.createDirectories(folder).toFile())
                .get()
                .toPath();
    }

    public String url() {
        return url(port);
    }

    /** The URL with another port of this host, of a relay for example. */
    public String url(int by) {
        return "redis://:" + PASSWORD + "@127.0.0.1:" + by;
    }

    /** Sends a command as an administrator. */
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

    /** Ends the process. */
    public void stop() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again after {@link #stop}, without data. */
    public void restart() {
        server = start();
    }

    @Override
    public void close() {
        stop();
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
