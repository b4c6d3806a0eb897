package dev.lunasec.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The configuration of a {@link TokenizerClient}; {@link TokenizerClient#builder} begins one. */
public final class TokenizerClientBuilder {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final URI base;
    private @Nullable Supplier<String> bearer;
    private @Nullable SSLContext sslContext;
    private Duration callTimeout = Duration.ofSeconds(15);
    private Duration transferTimeout = Duration.ofMinutes(10);

    TokenizerClientBuilder(URI base) {
        this.base = base;
    }

    /**
     * The credentials; without them the client sends none, as applications do that call through an agent.
     *
     * @param newBearer returns a JWT; it is called for every attempt of every call. {@link Bearer#file} reads a
     *     projected ServiceAccount token
     */
    public TokenizerClientBuilder bearer(Supplier<String> newBearer) {
        this.bearer = newBearer;
        return this;
    }

    /** The TLS configuration for the tokenizer and the object store; by default Java's own. */
    public TokenizerClientBuilder sslContext(SSLContext newContext) {
        this.sslContext = newContext;
        return this;
    }

    /**
     * Certificate authorities that are trusted beside those of Java, for the tokenizer and the object store. The file
     * is read now, and not again.
     *
     * @param pem file with one or more certificates
     * @throws IllegalArgumentException when the file cannot be read or holds no certificate
     */
    public TokenizerClientBuilder trustedCA(Path pem) {
        return sslContext(TrustedCA.context(pem));
    }

    /** The time for one attempt of a call to the tokenizer, to the last byte of the answer; 15 seconds by default. */
    public TokenizerClientBuilder callTimeout(Duration newTimeout) {
        this.callTimeout = newTimeout;
        return this;
    }

    /** The time for one attempt of a transfer to or from the object store, to its last byte; 10 minutes by default. */
    public TokenizerClientBuilder transferTimeout(Duration newTimeout) {
        this.transferTimeout = newTimeout;
        return this;
    }

    /** Makes the client, which connects when it is first called. */
    public TokenizerClient build() {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT);
        if (sslContext != null) builder.sslContext(sslContext);
        HttpClient http = builder.build();
        return new TokenizerClient(
                http, new TokenizerApi(http, base, bearer, callTimeout), new ObjectTransfer(http, transferTimeout));
    }
}
