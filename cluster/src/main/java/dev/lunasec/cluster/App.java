package dev.lunasec.cluster;

import dev.lunasec.client.Bearer;
import dev.lunasec.client.TokenizerClient;
import dev.lunasec.client.TokenizerException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A pod of an application. {@code once}: stores a secret and reads it back, ends with 0 when that went well. {@code traffic RATE}: does so
 * RATE times a second until it is ended, and prints what it saw, every second.
 *
 * <p>Its environment: TOKENIZER_URL; TOKEN_FILE with its credentials, absent behind an agent; TRUSTED, files with authorities, with commas
 * between them.
 */
public final class App {
    private App() {}

    public static void main(String[] args) throws Exception {
        try (TokenizerClient client = client()) {
            if (args.length == 1 && args[0].equals("once")) System.exit(once(client));
            if (args.length == 2 && args[0].equals("traffic")) new Traffic(client, Integer.parseInt(args[1])).run();
        }
        System.err.println("usage: app once | app traffic RATE");
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

    private static TokenizerClient client() throws IOException, GeneralSecurityException {
        TokenizerClient.Builder builder = TokenizerClient.builder(URI.create(System.getenv("TOKENIZER_URL")))
                .callTimeout(Duration.ofSeconds(5))
                .transferTimeout(Duration.ofSeconds(10));
        String token = System.getenv("TOKEN_FILE");
        if (token != null) builder.bearer(Bearer.file(Path.of(token)));
        String trusted = System.getenv("TRUSTED");
        if (trusted != null) builder.sslContext(trust(trusted.split(",", -1)));
        return builder.build();
    }

    private static SSLContext trust(String[] files) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (String file : files) {
            try (InputStream in = Files.newInputStream(Path.of(file))) {
                for (Certificate certificate : factory.generateCertificates(in)) {
                    store.setCertificateEntry(file + store.size(), certificate);
                }
            }
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
