package dev.lunasec.testbed;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority of a test, and the certificates that it signs. They are valid for a day. */
public final class TestAuthority {
    /** A server's certificate with its key. */
    public record Issued(X509Certificate certificate, KeyPair key) {
        public String certificatePem() {
            return Pem.of(certificate);
        }

        /** The form that openssl writes: PKCS#1 for RSA, SEC1 for elliptic curves. */
        public String traditionalKeyPem() {
            return key.getPrivate() instanceof ECPrivateKey ec ? Pem.sec1(ec) : Pem.of(key.getPrivate());
        }

        public String pkcs8KeyPem() {
            return Pem.pkcs8(key.getPrivate());
        }
    }

    private final KeyPair key = ec();
    private final X500Name name;
    private final X509Certificate certificate;

    public TestAuthority(String name) {
        this.name = new X500Name("CN=" + name);
        this.certificate = sign(
                this.name,
                key,
                builder -> builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true)));
    }

    public String pem() {
        return Pem.of(certificate);
    }

    /** A certificate for 127.0.0.1 and localhost, with a new key. */
    public Issued issue() {
        return issue(ec());
    }

    public Issued issue(KeyPair forKey) {
        return issue(
                forKey,
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                new GeneralName(GeneralName.dNSName, "localhost"));
    }

    /** A certificate for the DNS name of a Service, with a new key. */
    public Issued issueFor(String dnsName) {
        return issue(ec(), new GeneralName(GeneralName.dNSName, dnsName));
    }

    private Issued issue(KeyPair forKey, GeneralName... names) {
        return new Issued(
                sign(
                        new X500Name("CN=server"),
                        forKey,
                        builder ->
                                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names))),
                forKey);
    }

    /** For a client that trusts this authority alone. */
    public SSLContext client() {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", certificate);
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a server with a new certificate. */
    public SSLContext server() {
        Issued issued = issue();
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setKeyEntry(
                    "server", issued.key().getPrivate(), new char[0], new Certificate[] {issued.certificate()});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static KeyPair ec() {
        return generate("EC", 256);
    }

    public static KeyPair rsa() {
        return generate("RSA", 2048);
    }

    private static KeyPair generate(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Extensions {
        void addTo(X509v3CertificateBuilder builder) throws CertIOException;
    }

    private X509Certificate sign(X500Name subject, KeyPair of, Extensions extensions) {
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(64, new SecureRandom()),
                Date.from(now.minus(Duration.ofMinutes(5))),
                Date.from(now.plus(Duration.ofDays(1))),
                subject,
                of.getPublic());
        try {
            extensions.addTo(builder);
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
        } catch (CertIOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }
}
