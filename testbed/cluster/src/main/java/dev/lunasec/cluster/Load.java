package dev.lunasec.cluster;

import dev.lunasec.client.Bearer;
import dev.lunasec.client.TokenizerClient;
import dev.lunasec.testbed.BusyConnections;
import dev.lunasec.testbed.BusyConnections.Request;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Many connections to one tokenizer pod that ask as fast as it answers, and as often as it refuses. */
final class Load {
    private static final int PORT = 37766;
    private static final int TOKENS = 50;

    /** The other calls read. Later tests wait until the vault has deleted all that is stored here. */
    private static final int CALLS_FOR_ONE_THAT_STORES = 100;

    private final TokenizerClient client;
    private final Supplier<String> bearer;
    private final Path trusted;

    /**
     * Sends nothing yet.
     *
     * @param client stores the values that the connections read
     * @param token the file with the credentials
     * @param trusted the authorities of the pod's certificate, in PEM
     */
    Load(TokenizerClient client, Path token, Path trusted) {
        this.client = client;
        this.bearer = Bearer.file(token);
        this.trusted = trusted;
    }

    /**
     * Asks, and prints a line with the number of the answers at the end.
     *
     * @param host the address of the pod
     * @param lasts shorter than the grant that a caller gets with its token
     */
    void run(String host, int connections, Duration lasts) throws IOException, GeneralSecurityException {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < TOKENS; i++) {
            tokens.add(client.tokenize(("secret " + i).getBytes(StandardCharsets.UTF_8)));
        }
        BusyConnections busy = new BusyConnections(sockets(), host, PORT);
        long began = System.nanoTime();
        BooleanSupplier over = () -> System.nanoTime() - began > lasts.toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < connections; i++) {
                String token = tokens.get(i % TOKENS);
                threads.execute(() -> busy.ask(number -> request(number, token), over));
            }
        }
        System.out.printf("{\"served\":%d,\"busy\":%d,\"failed\":%d}%n", busy.served(), busy.busy(), busy.failed());
    }

    private Request request(int number, String token) {
        String authorization = "Bearer " + bearer.get();
        return number % CALLS_FOR_ONE_THAT_STORES == 0
                ? new Request("/tokenize", authorization, "{\"size\":10}")
                : new Request("/detokenize", authorization, "{\"tokenId\":\"" + token + "\"}");
    }

    private SocketFactory sockets() throws IOException, GeneralSecurityException {
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        try (InputStream in = Files.newInputStream(trusted)) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                authorities.setCertificateEntry("ca" + authorities.size(), each);
            }
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context.getSocketFactory();
    }
}
