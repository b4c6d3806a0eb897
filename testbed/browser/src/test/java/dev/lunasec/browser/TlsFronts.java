package dev.lunasec.browser;

import dev.lunasec.testbed.TcpRelay;
import dev.lunasec.testbed.TestAuthority;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/** Speaks TLS for the servers of a test, as an ingress does, with certificates that browsers must be told to accept. */
final class TlsFronts implements AutoCloseable {
    private final TestAuthority authority = new TestAuthority("fronts");
    private final List<TcpRelay> relays = new ArrayList<>();

    /**
     * Starts one.
     *
     * @param port of the server behind it, which may start later
     * @return the port of the front
     */
    int before(int port) {
        TcpRelay relay = TcpRelay.overTls(authority, port);
        relays.add(relay);
        return relay.port();
    }

    /** For a client that trusts the certificates for 127.0.0.1. */
    SSLContext client() {
        return authority.client();
    }

    @Override
    public void close() {
        relays.forEach(TcpRelay::close);
    }
}
