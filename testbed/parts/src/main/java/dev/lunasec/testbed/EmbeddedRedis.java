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

    /** Of every Redis Cluster. */
    private static final int SLOTS = 16384;

    private final boolean cluster;
    private final Path nodes;
    private final int port;
    private RedisServer server;

    public EmbeddedRedis() {
        this(false);
    }

    private EmbeddedRedis(boolean cluster) {
        this.cluster = cluster;
        port = FreePort.find();
        nodes = Path.of(System.getProperty("java.io.tmpdir"), "nodes-" + port + ".conf");
        server = start();
    }

    /**
     * A Redis Cluster of one node. As every node, it refuses a script whose keys are not on one node.
     */
    public static EmbeddedRedis cluster() {
        EmbeddedRedis node = new EmbeddedRedis(true);
        String[] slots = new String[1 + SLOTS];
        slots[0] = "ADDSLOTS";
        for (int i = 0; i < SLOTS; i++) slots[1 + i] = Integer.toString(i);
        node.command("CLUSTER", slots);
        return node;
    }

    /** Copies another Redis from now on, through a port of this host. */
    public void replicate(int primary) {
        command("CONFIG", "SET", "masterauth", PASSWORD);
        command("REPLICAOF", "127.0.0.1", Integer.toString(primary));
    }

    /** Ends {@link #replicate}, as a failover does: it takes writes from now on. */
    public void promote() {
        command("REPLICAOF", "NO", "ONE");
    }

    /** What it says about itself. */
    public String info(String section) {
        try (RedisClient client = RedisClient.create(url())) {
            return client.connect().sync().info(section);
        }
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
        try {
            Files.deleteIfExists(nodes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RedisServer start() {
        try {
            RedisServer started = RedisServer.newRedisServer()
                    .port(port)
                    .bind("127.0.0.1")
                    .setting("requirepass " + PASSWORD)
                    .setting("save \"\"")
                    // Replicas are in sync at once, and leave no file behind.
                    .setting("repl-diskless-sync yes")
                    .setting("repl-diskless-sync-delay 0")
                    .setting("repl-diskless-load swapdb")
                    .settingIf(cluster, "cluster-enabled yes")
                    .settingIf(cluster, "cluster-config-file " + nodes)
                    .build();
            started.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
