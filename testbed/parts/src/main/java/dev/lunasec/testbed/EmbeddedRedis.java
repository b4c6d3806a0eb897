package dev.lunasec.testbed;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/**
 * A real Redis with a password, see {@link RedisProgram}. It can be stopped and restarted on its port, and keeps nothing
 * then.
 */
public final class EmbeddedRedis implements AutoCloseable {
    static final String PASSWORD = "embedded";
    private static final Pattern PROCESS = Pattern.compile("process_id:([0-9]+)");

    private final int port;
    private final List<String> settings;
    private RedisServer server;
    private @Nullable String paused;

    public EmbeddedRedis() {
        this(FreePort.find(), List.of());
    }

    /** @param settings further lines of its configuration */
    EmbeddedRedis(int port, List<String> settings) {
        this.port = port;
        this.settings = settings;
        server = start();
    }

    /** Copies another Redis from now on, through a port of this host. */
    public void replicate(int primary) {
        command("REPLICAOF", "127.0.0.1", Integer.toString(primary));
    }

    /** Ends {@link #replicate}, as a failover does: it takes writes from now on. */
    public void promote() {
        command("REPLICAOF", "NO", "ONE");
    }

    /**
     * Whether it answers that it is a primary. A Redis that a Sentinel promotes closes all connections, so no answer
     * also means no.
     */
    public boolean isPrimary() {
        try {
            return info("replication").contains("role:master");
        } catch (RedisException e) {
            return false;
        }
    }

    /** What it says about itself. */
    public String info(String section) {
        return ask("INFO", section);
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
        ask(name, arguments);
    }

    /** Sends a command as an administrator, and returns its answer if that is a text. */
    public String ask(String name, String... arguments) {
        CommandArgs<String, String> rest = new CommandArgs<>(StringCodec.UTF8);
        for (String argument : arguments) rest.add(argument);
        try (RedisClient client = RedisClient.create(url())) {
            return client.connect()
                    .sync()
                    .dispatch(CommandType.valueOf(name), new StatusOutput<>(StringCodec.UTF8), rest);
        }
    }

    public int port() {
        return port;
    }

    /** Lets the process stand still, as one whose machine is overloaded: connections stay open and silent. */
    public void pause() {
        paused = process();
        signal("STOP", paused);
    }

    /** Ends {@link #pause}. */
    public void resume() {
        if (paused == null) return;
        signal("CONT", paused);
        paused = null;
    }

    /** Ends the process at once, as a crash does. */
    public void kill() {
        signal("KILL", process());
        stop();
    }

    /** Ends the process. */
    public void stop() {
        resume();
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

    private String process() {
        Matcher process = PROCESS.matcher(info("server"));
        if (!process.find()) throw new IllegalStateException("Redis does not tell its process");
        return process.group(1);
    }

    private static void signal(String name, String process) {
        try {
            new ProcessBuilder("kill", "-" + name, process).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private RedisServer start() {
        try {
            RedisServerBuilder configuration = RedisServer.newRedisServer()
                    .port(port)
                    // Also the loopback address of IPv6, if the machine has one.
                    .bind("127.0.0.1 -::1")
                    .setting("requirepass " + PASSWORD)
                    .setting("masterauth " + PASSWORD)
                    .setting("save \"\"")
                    // Replicas are in sync at once, and leave no file behind.
                    .setting("repl-diskless-sync yes")
                    .setting("repl-diskless-sync-delay 0")
                    .setting("repl-diskless-load swapdb");
            RedisProgram.named().ifPresent(configuration::executableProvider);
            settings.forEach(configuration::setting);
            RedisServer started = configuration.build();
            started.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
