package dev.lunasec.runtime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The certificate authorities that a process trusts: those of Java, or those of a company alone. */
public final class TrustedAuthorities {
    private TrustedAuthorities() {}

    /**
     * Trusts the authorities of a text and no others, or those of Java if there is no text.
     *
     * @param pem one or more certificates; null for the authorities of Java
     * @throws IllegalArgumentException when the text holds no certificate
     */
    public static TrustManager[] managers(@Nullable String pem) {
        return (pem == null ? factory(null) : only(pem)).getTrustManagers();
    }

    /** The same, for a client that takes an {@link SSLContext}. */
    public static SSLContext context(@Nullable String pem) {
        return context(managers(pem));
    }

    /**
     * Trusts the authorities of a text and no others, for a server whose authority is known: no public authority can
     * then sign for a false server.
     *
     * @param pem one or more certificates
     * @throws IllegalArgumentException when the text holds no certificate
     */
    public static TrustManagerFactory only(String pem) {
        return factory(certificates(pem));
    }

    /** The same, for a client that takes an {@link SSLContext}. */
    public static SSLContext contextOfOnly(String pem) {
        return context(only(pem).getTrustManagers());
    }

    /** @param certificates null for the authorities of Java */
    private static TrustManagerFactory factory(@Nullable Collection<? extends Certificate> certificates) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(certificates == null ? null : store(certificates));
            return factory;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the Java runtime cannot read its own certificates", e);
        }
    }

    private static KeyStore store(Collection<? extends Certificate> certificates)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int entry = 0;
        for (Certificate certificate : certificates) store.setCertificateEntry("ca" + entry++, certificate);
        return store;
    }

    private static SSLContext context(TrustManager[] managers) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers, null);
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
            throw new IllegalArgumentException("The trusted CA cannot be read; write certificates in PEM form.", e);
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("The trusted CA holds no certificate; write certificates in PEM form.");
        }
        return certificates;
    }
}
