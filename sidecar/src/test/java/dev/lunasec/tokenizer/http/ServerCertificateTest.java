package dev.lunasec.tokenizer.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.testbed.TestAuthority;
import dev.lunasec.testbed.TestAuthority.Issued;
import java.security.KeyPairGenerator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("embedded")
class ServerCertificateTest {
    /** What {@code openssl ecparam -genkey} writes before the key: the name of P-256. */
    private static final String CURVE =
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

    private final TestAuthority authority = new TestAuthority("shop");

    @Test
    void aKeyIsReadInEveryFormThatToolsWrite() throws Exception {
        Issued rsa = authority.issue(TestAuthority.rsa());
        Issued ec = authority.issue(TestAuthority.ec());
        Issued ed25519 = authority.issue(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        assertThat(rsa.traditionalKeyPem()).contains("BEGIN RSA PRIVATE KEY");
        assertThat(ec.traditionalKeyPem()).contains("BEGIN EC PRIVATE KEY");
        reads(rsa, rsa.traditionalKeyPem());
        reads(rsa, rsa.pkcs8KeyPem());
        reads(ec, ec.traditionalKeyPem());
        reads(ec, CURVE + ec.traditionalKeyPem());
        reads(ec, ec.pkcs8KeyPem());
        reads(ed25519, ed25519.pkcs8KeyPem());
    }

    @Test
    void theChainIsReadInItsOrder() {
        Issued issued = authority.issue();
        ServerCertificate read =
                ServerCertificate.of(issued.certificatePem() + authority.pem(), issued.traditionalKeyPem());
        assertThat(read.chain()).hasSize(2).first().isEqualTo(issued.certificate());
    }

    @Test
    void whatIsNoGoodIsSaidInOneSentenceWithoutTheKey() {
        Issued issued = authority.issue();
        String key = issued.pkcs8KeyPem();
        refused(issued.certificatePem(), authority.issue().pkcs8KeyPem(), "tls.key does not belong to the first");
        refused(
                issued.certificatePem(),
                authority.issue(TestAuthority.rsa()).pkcs8KeyPem(),
                "tls.key does not belong to the first");
        refused("", key, "tls.crt holds no certificate");
        refused(key, key, "tls.crt holds no certificate");
        refused(issued.certificatePem().replace("\nM", "\nX"), key, "tls.crt holds no certificate");
        for (String bad : List.of(
                "",
                issued.certificatePem(),
                CURVE,
                key.substring(0, 100),
                key.replace("\n", ""),
                key.replace("\nM", "\nX"),
                key.replace("\nM", "\n!"),
                key.replace(" PRIVATE KEY", " ENCRYPTED PRIVATE KEY"))) {
            refused(issued.certificatePem(), bad, "tls.key holds no private key");
        }
    }

    private static void reads(Issued issued, String key) {
        ServerCertificate read = ServerCertificate.of(issued.certificatePem(), key);
        assertThat(read.chain()).containsExactly(issued.certificate());
        assertThat(read.context().getServerSocketFactory()).isNotNull();
        assertThat(read.toString()).doesNotContain("PrivateKey");
    }

    private static void refused(String chain, String key, String sentence) {
        assertThatThrownBy(() -> ServerCertificate.of(chain, key))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining(sentence)
                .hasMessageEndingWith(".")
                .hasNoCause();
    }
}
