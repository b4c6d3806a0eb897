package dev.lunasec.bench;

import dev.lunasec.tokenizer.testing.TestVault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program with what a tokenizer depends on: store, Redis and issuer. It answers the commands of {@link
 * VaultProcess} on standard input until that ends. A {@link TestVault} also has a tokenizer, which no load calls.
 */
final class VaultHost {
    /** How a line begins that answers a command. All other lines are logs. */
    static final String ANSWER = "= ";

    static final String JWT = "jwt";
    static final String REQUESTS = "requests";
    static final String DELAY = "delay";
    static final String REDIS = "redis";

    /** How long JWTs are valid: longer than a run takes. */
    static final Duration VALID = Duration.ofHours(1);

    private final TestVault vault;
    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private volatile long delay;

    private VaultHost(TestVault vault) {
        this.vault = vault;
        vault.store.onRead(read -> {
            reads.increment();
            LockSupport.parkNanos(delay);
        });
        vault.store.onWrite(write -> {
            writes.increment();
            LockSupport.parkNanos(delay);
        });
    }

    /**
     * Runs until standard input ends.
     *
     * @param arguments the folder for the files of the vault
     */
    public static void main(String[] arguments) throws IOException {
        try (TestVault vault = new TestVault(Path.of(arguments[0]));
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            // As in a managed Redis, a write is on the disk before it is answered, and memory has a limit.
            vault.redis.command("CONFIG", "SET", "dir", arguments[0]);
            vault.redis.command("CONFIG", "SET", "appendfsync", "always");
            vault.redis.command("CONFIG", "SET", "appendonly", "yes");
            vault.redis.command("CONFIG", "SET", "maxmemory", "1gb");
            VaultHost host = new VaultHost(vault);
            answer(vault.store.endpoint().toString());
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                answer(host.answerTo(command.split(" ", 3)));
            }
        }
    }

    private String answerTo(String[] command) {
        return switch (command[0]) {
            case JWT -> jwt(command[1], command[2]);
            case REQUESTS -> reads + " " + writes;
            case DELAY -> {
                delay = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(command[1]));
                yield "";
            }
            case REDIS -> info("memory", "used_memory:([0-9]+)") + " " + info("keyspace", "db0:keys=([0-9]+)");
            default -> throw new IllegalArgumentException("there is no command " + command[0]);
        };
    }

    private String info(String section, String pattern) {
        Matcher number = Pattern.compile(pattern).matcher(vault.redis.info(section));
        return number.find() ? number.group(1) : "0";
    }

    private String jwt(String kind, String session) {
        Date expiry = Date.from(Instant.now().plus(VALID));
        return vault.issuer.jwt(kind, session, claims -> claims.expirationTime(expiry));
    }

    private static void answer(String text) {
        System.out.println(ANSWER + text);
    }
}
