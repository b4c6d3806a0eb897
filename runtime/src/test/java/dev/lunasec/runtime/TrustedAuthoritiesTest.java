package dev.lunasec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With an authority that Java knows in the place of a company's. */
@Tag("pure")
class TrustedAuthoritiesTest {
    private static final List<X509Certificate> KNOWN = accepted(TrustedAuthorities.managers(null));

    @Test
    void thoseOfATextReplaceTheKnownOnes() throws Exception {
        assertThat(KNOWN).hasSizeGreaterThan(10);
        X509Certificate one = KNOWN.get(0);
        assertThat(accepted(TrustedAuthorities.managers(pem(one)))).containsExactly(one);
        assertThat(accepted(TrustedAuthorities.only(pem(one)).getTrustManagers()))
                .containsExactly(one);
        assertThat(accepted(
                        TrustedAuthorities.only(pem(one) + pem(KNOWN.get(1))).getTrustManagers()))
                .containsExactlyInAnyOrder(one, KNOWN.get(1));
    }

    @Test
    void aTextWithoutACertificateIsRefused() {
        for (String none : List.of("", "none", "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n")) {
            assertThatThrownBy(() -> TrustedAuthorities.only(none)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> TrustedAuthorities.managers(none)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static List<X509Certificate> accepted(TrustManager[] managers) {
        return Stream.of(managers)
                .flatMap(manager -> Stream.of(((X509TrustManager) manager).getAcceptedIssuers()))
                .toList();
    }

    private static String pem(X509Certificate certificate) throws CertificateEncodingException {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }
}
