package dev.lunasec.tokenizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;

class ListenerTest {
    /** More than the 50 of the JDK, while nobody takes them: the kernel would leave the rest without an answer. */
    @Test
    void manyConnectionsAtTheSameTimeFindAPlace() throws Exception {
        Server server = new Server();
        InetAddress here = InetAddress.getLoopbackAddress();
        List<Socket> callers = new ArrayList<>();
        try (Listener listener = new Listener(here, 0, null);
                ServerConnector connector = listener.connector(server, new HttpConfiguration())) {
            connector.open();
            for (int i = 0; i < 300; i++) {
                Socket caller = new Socket();
                callers.add(caller);
                caller.connect(new java.net.InetSocketAddress(here, connector.getLocalPort()), 500);
            }
            assertThat(callers).allMatch(Socket::isConnected);
        } finally {
            for (Socket caller : callers) caller.close();
            server.destroy();
        }
    }
}
