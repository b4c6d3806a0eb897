package dev.lunasec.bench;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.testbed.EmbeddedRedisCluster;
import dev.lunasec.testbed.SmallObjects;
import dev.lunasec.tokenizer.testing.TestVault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The program with what tokenizers depend on: store, Redis and issuer of one or several vaults. It answers the commands
 * of {@link VaultProcess} on standard input until that ends. A {@link TestVault} also has a tokenizer, which no load
 * calls.
 */
final class VaultHost implements AutoCloseable {
    /** How a line begins that answers a command. All other lines are logs. */
    static final String ANSWER = "= ";

    static final String JWT = "jwt";
    static final String REQUESTS = "requests";
    static final String DELAY = "delay";
    static final String REDIS = "redis";
    static final String FILL = "fill";
    static final String SERVE = "serve";

    /** How long JWTs are valid: longer than a run takes. */
    static final Duration VALID = Duration.ofHours(1);

    private static final int WRITERS = 2;
    private static final long SERVING_DEADLINE = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL = TimeUnit.MILLISECONDS.toNanos(100);

    private final Path folder;
    private final @Nullable EmbeddedRedisCluster cluster;
    private final SmallObjects small = new SmallObjects(BucketLayout.RECORDS, StoreLoad.FOLDER);
    private final TestVault vault;
    private final List<EmbeddedRedis> redis;
    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private volatile long delay;

    private VaultHost(HostedVault hosted, Path folder) throws IOException {
        this.folder = folder;
        cluster = hosted.redisCluster() ? new EmbeddedRedisCluster() : null;
        TestVault.Setup setup = TestVault.in(Files.createDirectories(folder)).smallObjects(small);
        if (cluster != null) setup = setup.redis(serving(cluster).url(), null);
        vault = setup.start();
        redis = cluster == null ? List.of(vault.redis) : cluster.primaries();
        for (EmbeddedRedis each : redis) configure(each);
        vault.store.onRead(read -> {
            reads.increment();
            LockSupport.parkNanos(delay);
        });
        vault.store.onWrite(write -> {
            writes.increment();
            LockSupport.parkNanos(delay);
        });
    }

    private static EmbeddedRedisCluster serving(EmbeddedRedisCluster starting) {
        long began = System.nanoTime();
        while (!starting.serves()) {
            if (System.nanoTime() - began > SERVING_DEADLINE)
                throw new IllegalStateException("the Redis Cluster does not serve after a minute");
            LockSupport.parkNanos(POLL);
        }
        return starting;
    }

    /** As in a managed Redis, a write is on the disk before it is answered, and memory has a limit. */
    private void configure(EmbeddedRedis one) throws IOException {
        Path files = Files.createDirectories(folder.resolve("redis-" + one.port()));
        one.command("CONFIG", "SET", "dir", files.toString());
        one.command("CONFIG", "SET", "appendfsync", "always");
        one.command("CONFIG", "SET", "appendonly", "yes");
        one.command("CONFIG", "SET", "maxmemory", "1gb");
    }

    /**
     * Runs until standard input ends.
     *
     * @param arguments the folder for the files of the vaults, and then a {@link HostedVault} each
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<VaultHost> hosts = new ArrayList<>();
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (int i = 1; i < arguments.length; i++) {
                HostedVault hosted = HostedVault.parse(arguments[i]);
                VaultHost host = new VaultHost(hosted, Path.of(arguments[0], hosted.name()));
                hosts.add(host);
                answer(host.vault.store.endpoint().toString());
            }
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                String[] words = command.split(" ", 4);
                answer(hosts.get(Integer.parseInt(words[0])).answerTo(words));
            }
        } finally {
            hosts.forEach(VaultHost::close);
        }
    }

    private String answerTo(String[] command) throws IOException, InterruptedException {
        return switch (command[1]) {
            case JWT -> jwt(command[2], command[3]);
            case REQUESTS -> reads + " " + writes;
            case DELAY -> {
                delay = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(command[2]));
                yield "";
            }
            case REDIS -> info("memory", "used_memory:([0-9]+)") + " " + info("keyspace", "db0:keys=([0-9]+)");
            case FILL -> Integer.toString(fill(Integer.parseInt(command[2])));
            case SERVE -> {
                small.serve(Integer.parseInt(command[2]));
                yield "";
            }
            default -> throw new IllegalArgumentException("there is no command " + command[1]);
        };
    }

    private int fill(int records) throws IOException, InterruptedException {
        small.keep();
        int content = small.copy();
        int there = (int) small.count(content, BucketLayout.RECORDS);
        new RecordsWithoutTokens(folder)
                .make(
                        Math.max(0, records - there),
                        WRITERS,
                        (name, bytes, type) -> small.add(content, name, bytes, type));
        return content;
    }

    private long info(String section, String pattern) {
        return redis.stream()
                .map(each -> Pattern.compile(pattern).matcher(each.info(section)))
                .filter(Matcher::find)
                .mapToLong(number -> Long.parseLong(number.group(1)))
                .sum();
    }

    private String jwt(String kind, String session) {
        Date expiry = Date.from(Instant.now().plus(VALID));
        return vault.issuer.jwt(kind, session, claims -> claims.expirationTime(expiry));
    }

    private static void answer(String text) {
        System.out.println(ANSWER + text);
    }

    @Override
    public void close() {
        vault.close();
        if (cluster != null) cluster.close();
    }
}
