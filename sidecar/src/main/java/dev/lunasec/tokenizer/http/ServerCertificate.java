package dev.lunasec.tokenizer.http;

import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.MountedFiles;
import dev.lunasec.runtime.ReloadedFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/**
 * The certificate of a server, with the intermediate certificates and the private key.
 *
 * @param chain the server's own first
 */
public record ServerCertificate(List<Certificate> chain, PrivateKey key) {
    private static final char[] NO_PASSWORD = new char[0];

    /**
     * The certificate in a folder, as a Secret of type {@code kubernetes.io/tls} has it.
     *
     * @param folder with {@code tls.crt} and {@code tls.key}
     * @throws InvalidSettings when there is none to begin with
     */
    public static ReloadedFiles<ServerCertificate> in(Path folder, Duration every) {
        return new ReloadedFiles<>(
                "The certificate in " + folder,
                List.of(folder.resolve(MountedFiles.TLS_CERTIFICATE), folder.resolve(MountedFiles.TLS_KEY)),
                files -> of(files.get(0), files.get(1)),
                every);
    }

    /**
     * Reads PEM.
     *
     * @param chain one or more certificates
     * @param key in PKCS#1, SEC1 or PKCS#8, without a password
     * @throws InvalidSettings when one is unreadable or both do not belong together; never with the content of the key
     */
    static ServerCertificate of(String chain, String key) {
        ServerCertificate certificate = new ServerCertificate(certificates(chain), key(key));
        if (!certificate.matches()) {
            throw new InvalidSettings("The key in tls.key does not belong to the first certificate in tls.crt;"
                    + " write two that belong together.");
        }
        return certificate;
    }

    /** For a server that shows this certificate. */
    public SSLContext context() {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setKeyEntry("server", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the Java runtime can't hold a certificate", e);
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "ServerCertificate[" + chain.size() + "]";
    }

    private static List<Certificate> certificates(String pem) {
        try {
            List<Certificate> chain = List.copyOf(CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8))));
            if (!chain.isEmpty()) return chain;
        } catch (CertificateException e) {
            // reported below
        }
        throw new InvalidSettings("The file tls.crt holds no certificate; write certificates in PEM form.");
    }

    private static PrivateKey key(String pem) {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            // Before a key of an elliptic curve there may be the name of the curve.
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                if (part instanceof PEMKeyPair pair) return key(pair.getPrivateKeyInfo());
                if (part instanceof PrivateKeyInfo info) return key(info);
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // Reported below, without the cause: the parser fails in many ways, and its text may repeat what it read.
        }
        throw new InvalidSettings("The file tls.key holds no private key;"
                + " write one in PEM form (PKCS#8, PKCS#1 or SEC1) without a password.");
    }

    private static PrivateKey key(PrivateKeyInfo info) throws IOException, GeneralSecurityException {
        String algorithm = info.getPrivateKeyAlgorithm().getAlgorithm().getId();
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    }

    private boolean matches() {
        PublicKey of = chain.get(0).getPublicKey();
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(of.getEncoded());
            byte[] signed = signature.sign();
            signature.initVerify(of);
            signature.update(of.getEncoded());
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
