package dev.lunasec.cluster;

import dev.lunasec.client.Bearer;
import dev.lunasec.client.TokenizerClient;
import dev.lunasec.client.TokenizerClientBuilder;
import dev.lunasec.client.TokenizerException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * A pod of an application. {@code once}: stores a secret and reads it back, ends with 0 when that went well. {@code
 * traffic RATE}: does so RATE times a second until it is ended, and prints what it saw, every second. {@code keep N}:
 * stores N secrets and reads all of them again and again. {@code load HOST N SECONDS}: asks the tokenizer at HOST on N
 * connections as fast as it answers, prints the number of the answers, and ends with 0.
 *
 * <p>Its environment: TOKENIZER_URL; TOKEN_FILE with its credentials, absent behind an agent; TRUSTED, a file with
 * authorities.
 */
public final class App {
    private App() {}

    public static void main(String[] args) throws Exception {
        try (TokenizerClient client = client()) {
            if (args.length == 1 && args[0].equals("once")) System.exit(once(client));
            if (args.length == 2 && args[0].equals("traffic")) new Traffic(client, Integer.parseInt(args[1])).run();
            if (args.length == 2 && args[0].equals("keep")) new Keeper(client, Integer.parseInt(args[1])).run();
            if (args.length == 4 && args[0].equals("load")) {
                Load load = new Load(client, Path.of(System.getenv("TOKEN_FILE")), Path.of(System.getenv("TRUSTED")));
                load.run(args[1], Integer.parseInt(args[2]), Duration.ofSeconds(Long.parseLong(args[3])));
                System.exit(0);
            }
        }
        System.err.println("usage: app once | app traffic RATE | app keep N | app load HOST N SECONDS");
        System.exit(2);
    }

    private static int once(TokenizerClient client) {
        try {
            roundTrip(client, "a secret");
            System.out.println("stored and read back");
            return 0;
        } catch (TokenizerException e) {
            System.out.println("failed: " + e.name() + " " + e.status() + ": " + e.getMessage());
            return 1;
        }
    }

    static void roundTrip(TokenizerClient client, String secret) {
        byte[] value = secret.getBytes(StandardCharsets.UTF_8);
        if (!Arrays.equals(client.detokenize(client.tokenize(value)), value)) {
            throw new IllegalStateException("what was read is not what was stored");
        }
    }

    private static TokenizerClient client() {
        TokenizerClientBuilder builder = TokenizerClient.builder(URI.create(System.getenv("TOKENIZER_URL")))
                .callTimeout(Duration.ofSeconds(5))
                .transferTimeout(Duration.ofSeconds(10));
        String token = System.getenv("TOKEN_FILE");
        if (token != null) builder.bearer(Bearer.file(Path.of(token)));
        String trusted = System.getenv("TRUSTED");
        if (trusted != null) builder.trustedCA(Path.of(trusted));
        return builder.build();
    }
}
