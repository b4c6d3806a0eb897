package dev.lunasec.tokenizer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.testbed.KubeletVolume;
import dev.lunasec.testbed.TestAuthority;
import dev.lunasec.testbed.TestAuthority.Issued;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS on the port for callers, with a certificate that is renewed while the tokenizer runs. */
@Tag("embedded")
class TlsTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String HEALTH = "GET /health HTTP/1.1\r\nhost: vault.payments.svc\r\n\r\n";

    @TempDir
    Path folder;

    private final TestAuthority authority = new TestAuthority("internal");
    private KubeletVolume mounted;
    private TestVault vault;

    @BeforeEach
    void start() {
        mounted = new KubeletVolume(folder.resolve("tls"));
        mount(authority.issue(TestAuthority.rsa()));
        vault = TestVault.in(folder).tls(mounted.folder()).checksOften().start();
    }

    @AfterEach
    void stop() {
        vault.close();
    }

    @Test
    void callersSpeakHttpsAndProbesPlainHttp() throws Exception {
        Api api = new Api(vault.url(), authority.client());
        Answer answer = api.post("/tokenize", vault.issuer.jwt("user", "session-1"), "{}");
        assertThat(answer.status()).isEqualTo(200);
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            try (SSLSocket socket = connect(authority.client(), version)) {
                assertThat(socket.getSession().getProtocol()).isEqualTo(version);
                assertThat(health(socket)).startsWith("HTTP/1.1 200");
            }
        }
        Api management = new Api(vault.management());
        assertThat(management.send(management.request("/livez").GET()).status()).isEqualTo(200);
    }

    @Test
    void aRenewedCertificateIsShownToNewConnectionsAndOpenOnesGoOn() throws Exception {
        Certificate before = shown();
        try (SSLSocket open = connect(authority.client(), "TLSv1.3")) {
            assertThat(health(open)).startsWith("HTTP/1.1 200");
            Issued renewed = authority.issue();
            mount(renewed);
            await().atMost(SOON).until(() -> shown().equals(renewed.certificate()));
            assertThat(health(open)).startsWith("HTTP/1.1 200");
            assertThat(open.getSession().getPeerCertificates()[0]).isEqualTo(before);

            mounted.write(Map.of("tls.crt", authority.issue().certificatePem(), "tls.key", renewed.pkcs8KeyPem()));
            Issued next = authority.issue();
            mount(next);
            await().atMost(SOON).until(() -> shown().equals(next.certificate()));
            assertThat(health(open)).startsWith("HTTP/1.1 200");
        }
    }

    private void mount(Issued issued) {
        mounted.write(
                Map.of("tls.crt", issued.certificatePem() + authority.pem(), "tls.key", issued.traditionalKeyPem()));
    }

    /** What a client sees that was never here before. */
    private Certificate shown() {
        try (SSLSocket socket = connect(authority.client(), "TLSv1.3")) {
            return socket.getSession().getPeerCertificates()[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SSLSocket connect(SSLContext client, String version) throws IOException {
        SSLSocket socket = (SSLSocket)
                client.getSocketFactory().createSocket("127.0.0.1", vault.url().getPort());
        socket.setEnabledProtocols(new String[] {version});
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        return socket;
    }

    /** The head and the body of one answer; the connection stays open. */
    private static String health(SSLSocket socket) throws IOException {
        socket.getOutputStream().write(HEALTH.getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (answer.indexOf("\"data\":{}}") < 0) {
            int next = in.read();
            if (next < 0) break;
            answer.append((char) next);
        }
        return answer.toString();
    }
}
