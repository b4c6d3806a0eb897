package dev.lunasec.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The certificate authorities that Java knows, and those of a company beside them. */
public final class TrustedAuthorities {
    private TrustedAuthorities() {}

    /**
     * What to trust.
     *
     * @param pem one or more certificates; null for those that Java knows alone
     * @throws IllegalArgumentException when the text holds no certificate
     */
    public static TrustManager[] managers(@Nullable String pem) {
        try {
            TrustManagerFactory known = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            known.init((KeyStore) null);
            if (pem == null) return known.getTrustManagers();
            KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
            all.load(null, null);
            int entry = 0;
            for (TrustManager manager : known.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    for (X509Certificate issuer : x509.getAcceptedIssuers())
                        all.setCertificateEntry("ca" + entry++, issuer);
                }
            }
            for (Certificate certificate : certificates(pem)) all.setCertificateEntry("ca" + entry++, certificate);
            TrustManagerFactory both = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            both.init(all);
            return both.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the Java runtime can't hold its own certificates", e);
        }
    }

    /** The same, for a client that takes an {@link SSLContext}. */
    public static SSLContext context(@Nullable String pem) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(pem), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has TLS", e);
        }
    }

    private static Collection<? extends Certificate> certificates(String pem) {
        Collection<? extends Certificate> certificates;
        try {
            certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("The trusted CA can't be read; write certificates in PEM form.", e);
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("The trusted CA holds no certificate; write certificates in PEM form.");
        }
        return certificates;
    }
}
