package dev.lunasec.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.client.TokenizerClient;
import dev.lunasec.client.TokenizerClientBuilder;
import dev.lunasec.client.Value;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What an application does with a vault: stores a text and a file, reads both back, and compares. */
final class RoundTrip {
    private static final int FILE = 5 << 20;

    private RoundTrip() {}

    /**
     * Makes the round trip.
     *
     * @param authority of the store's certificate; null for the public ones
     * @param folder for two files, which are deleted
     * @throws IllegalStateException if a value differs from what was stored
     */
    static void run(URI tokenizer, DemoApplication application, @Nullable Path authority, Path folder)
            throws IOException {
        TokenizerClientBuilder builder =
                TokenizerClient.builder(tokenizer).bearer(() -> application.jwt("user", "round-trip"));
        if (authority != null) builder.trustedCA(authority);
        try (TokenizerClient client = builder.build()) {
            byte[] text = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);
            compare(text, client.detokenize(client.tokenize(text)), "text");

            byte[] content = new byte[FILE];
            new Random(FILE).nextBytes(content);
            Path sent = Files.write(folder.resolve("sent"), content);
            Path received = folder.resolve("received");
            try {
                ObjectNode metadata = new ObjectMapper().createObjectNode().put("dataType", "file");
                client.detokenize(client.tokenize(Value.of(sent), metadata), received);
                compare(content, Files.readAllBytes(received), "file");
            } finally {
                Files.deleteIfExists(sent);
                Files.deleteIfExists(received);
            }
        }
    }

    private static void compare(byte[] sent, byte[] received, String what) {
        if (!java.util.Arrays.equals(sent, received)) {
            throw new IllegalStateException("The " + what + " that was read is not the one that was stored.");
        }
    }
}
