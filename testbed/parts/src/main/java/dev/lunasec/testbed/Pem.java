package dev.lunasec.testbed;

import java.io.IOException;
import java.io.StringWriter;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.bouncycastle.util.io.pem.PemWriter;

/** Writes certificates and private keys as PEM, in the forms that servers are given. */
final class Pem {
    private Pem() {}

    /** In the form that openssl writes: a certificate, or a key as PKCS#1 for RSA. */
    static String of(Object object) {
        try {
            return write(new JcaMiscPEMGenerator(object));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pkcs8(PrivateKey key) {
        try {
            return write(new JcaPKCS8Generator(key, null));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As SEC1 with the name of the curve. openssl writes that name; Java leaves it out. */
    static String sec1(ECPrivateKey key) {
        try {
            return write(new PemObject(
                    "EC PRIVATE KEY",
                    new org.bouncycastle.asn1.sec.ECPrivateKey(256, key.getS(), SECObjectIdentifiers.secp256r1)
                            .getEncoded()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String write(PemObjectGenerator object) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
