package dev.lunasec.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts certificate authorities of a company beside those of Java: the certificate of the tokenizer may come from the
 * one kind, and that of the object store from the other.
 */
final class TrustedCA {
    private TrustedCA() {}

    /** @throws IllegalArgumentException when the file cannot be read or holds no certificate in PEM form */
    static SSLContext context(Path pem) {
        try (InputStream in = Files.newInputStream(pem)) {
            List<Certificate> all =
                    new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(in));
            if (all.isEmpty()) throw new GeneralSecurityException("no certificate");
            for (TrustManager known : managers(null)) {
                if (known instanceof X509TrustManager x509) all.addAll(List.of(x509.getAcceptedIssuers()));
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate : all) store.setCertificateEntry("ca" + store.size(), certificate);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(store), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "The file " + pem + " holds no certificate; name one with certificates in PEM form.", e);
        }
    }

    private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
