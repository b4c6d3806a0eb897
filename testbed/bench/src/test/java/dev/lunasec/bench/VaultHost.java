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
import java.util.concurrent.atomic.LongAdder;

/**
 * The program with what a tokenizer depends on: store, Redis and issuer. It answers the commands of {@link
 * VaultProcess} on standard input until that ends. A {@link TestVault} also has a tokenizer, which no load calls.
 */
final class VaultHost {
    /** How a line begins that answers a command. All other lines are logs. */
    static final String ANSWER = "= ";

    static final String JWT = "jwt";
    static final String READS = "reads";

    /** How long JWTs are valid: longer than a run takes. */
    static final Duration VALID = Duration.ofHours(1);

    private VaultHost() {}

    /**
     * Runs until standard input ends.
     *
     * @param arguments the folder for the files of the vault
     */
    public static void main(String[] arguments) throws IOException {
        LongAdder reads = new LongAdder();
        try (TestVault vault = new TestVault(Path.of(arguments[0]));
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            // As in a managed Redis, a write is on the disk before it is answered.
            vault.redis.command("CONFIG", "SET", "dir", arguments[0]);
            vault.redis.command("CONFIG", "SET", "appendfsync", "always");
            vault.redis.command("CONFIG", "SET", "appendonly", "yes");
            vault.store.onRead(read -> reads.increment());
            answer(vault.store.endpoint().toString());
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                String[] words = command.split(" ", 3);
                answer(words[0].equals(JWT) ? jwt(vault, words[1], words[2]) : Long.toString(reads.sum()));
            }
        }
    }

    private static String jwt(TestVault vault, String kind, String session) {
        Date expiry = Date.from(Instant.now().plus(VALID));
        return vault.issuer.jwt(kind, session, claims -> claims.expirationTime(expiry));
    }

    private static void answer(String text) {
        System.out.println(ANSWER + text);
    }
}
