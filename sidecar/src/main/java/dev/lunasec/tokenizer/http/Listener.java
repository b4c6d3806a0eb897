package dev.lunasec.tokenizer.http;

import dev.lunasec.runtime.BoundedConnector.Bounds;
import dev.lunasec.runtime.ReloadedFiles;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.time.Duration;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * A port for callers: HTTP/1.1, with TLS where there is a certificate.
 *
 * @param port 0 for any free one
 * @param certificate new connections get a renewed one; null for plain HTTP
 */
public record Listener(
        InetAddress address, int port, @Nullable ReloadedFiles<ServerCertificate> certificate)
        implements AutoCloseable {
    /** How long a stop waits for requests in flight; the pod's grace period is longer. */
    public static final Duration STOP = Duration.ofSeconds(20);

    /** When a connection without a request is closed. */
    public static final Duration IDLE = Duration.ofSeconds(30);

    /**
     * Each body must arrive within ten seconds, a large one too. The headers have ten seconds more than an idle
     * connection, whose end they must not meet.
     */
    public static final Bounds BOUNDS = new Bounds(1024, IDLE.plusSeconds(10), Duration.ofSeconds(10));

    private static final int HEADERS = 16 << 10;

    /** The page of the frame names every allowed origin in a header: at most 64 of 300 characters. */
    private static final int ANSWER_HEADERS = 32 << 10;

    /** Connections that the kernel has made and the server has not accepted yet; the kernel resets any more. */
    private static final int ACCEPT_QUEUE = 1024;

    /**
     * Accepts the URIs that clients of the original send and no more dangerous ones, and hides the name of the server.
     */
    public static void harden(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(HEADERS);
        http.setMaxResponseHeaderSize(ANSWER_HEADERS);
        // The cache would keep the JWT of a caller as long as its connection. To look it up took 7 % of a detokenize.
        http.setHeaderCacheSize(0);
        http.setUriCompliance(UriCompliance.DEFAULT.with("TOKENIZER", UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT));
    }

    /** Lets requests end at a stop, and puts answers to requests that reach no handler into the envelope too. */
    public static void prepare(Server server) {
        server.setStopTimeout(STOP.toMillis());
        server.setErrorHandler(new ErrorResponses());
    }

    /**
     * Not listening yet.
     *
     * @param metrics gets the number of connections, and how many the server closed
     */
    public ServerConnector connector(Server server, HttpConfiguration http, MeterRegistry metrics) {
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        DrainingConnector connector = certificate == null
                ? new DrainingConnector(server, http, BOUNDS, plain)
                : new DrainingConnector(
                        server, http, BOUNDS, new SslConnectionFactory(tls(certificate), plain.getProtocol()), plain);
        // The caller checks whether the certificate has the name that it called.
        if (certificate != null) http.addCustomizer(new SecureRequestCustomizer(false));
        connector.setHost(address.getHostAddress());
        connector.setPort(port);
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setIdleTimeout(IDLE.toMillis());
        connector.bindTo(metrics);
        return connector;
    }

    /** Stops to watch for renewals. */
    @Override
    public void close() {
        if (certificate != null) certificate.close();
    }

    private static SslContextFactory.Server tls(ReloadedFiles<ServerCertificate> certificate) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setIncludeProtocols("TLSv1.2", "TLSv1.3");
        tls.setSslContext(certificate.now().context());
        certificate.follow(renewed -> {
            try {
                // Open connections keep what they agreed on.
                tls.reload(factory -> factory.setSslContext(renewed.context()));
            } catch (Exception e) {
                throw new IllegalStateException("the web server does not take the certificate", e);
            }
        });
        return tls;
    }
}
