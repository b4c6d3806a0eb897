package dev.lunasec.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Certificates made with the JDK's own keytool. */
final class Certificates {
    /** Both in PEM. */
    record Pair(String certificate, String key) {}

    private Certificates() {}

    static Pair selfSigned(Path folder, String host) {
        char[] password = UUID.randomUUID().toString().toCharArray();
        Path file = folder.resolve(UUID.randomUUID() + ".p12");
        try {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "vault",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-dname",
                            "CN=" + host,
                            "-ext",
                            "san=dns:" + host,
                            "-ext",
                            "bc=ca:true",
                            "-validity",
                            "30",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            file.toString(),
                            "-storepass",
                            new String(password))
                    .inheritIO()
                    .start();
            assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).isTrue();
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, password);
            }
            return new Pair(
                    pem("CERTIFICATE", store.getCertificate("vault").getEncoded()),
                    pem("PRIVATE KEY", store.getKey("vault", password).getEncoded()));
        } catch (Exception e) {
            throw new IllegalStateException("keytool makes no certificate", e);
        }
    }

    private static String pem(String type, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
    }
}
