package dev.lunasec.controlplane;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * The tokens of the users, the key of ServiceAccount tokens and the certificate of the API server, as files of one
 * folder.
 */
final class Credentials {
    private final Path folder;
    private final byte[] secret = new SecureRandom().generateSeed(24);

    private Credentials(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes new ones.
     *
     * @param folder that exists
     * @param users who may do everything
     */
    static Credentials create(Path folder, List<String> users) throws IOException {
        Credentials credentials = new Credentials(folder);
        StringBuilder tokens = new StringBuilder();
        for (String user : users) {
            tokens.append("%s,%s,%s,system:masters\n".formatted(credentials.token(user), user, user));
        }
        Files.writeString(credentials.tokens(), tokens);
        KeyPair pair = keyPair();
        Files.writeString(
                credentials.privateKey(), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        Files.writeString(
                credentials.publicKey(), pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        Files.createDirectories(credentials.certificate().getParent());
        return credentials;
    }

    /** The file in which the API server finds the tokens of the users. */
    Path tokens() {
        return folder.resolve("tokens.csv");
    }

    /** The key that signs ServiceAccount tokens. */
    Path privateKey() {
        return folder.resolve("service-account.key");
    }

    /** The key that verifies ServiceAccount tokens. */
    Path publicKey() {
        return folder.resolve("service-account.pub");
    }

    /** The certificate that the API server makes for itself when it starts. */
    Path certificate() {
        return folder.resolve("certificates/apiserver.crt");
    }

    /** The bearer token of a user. */
    String token(String user) {
        return user + "." + HexFormat.of().formatHex(secret);
    }

    /**
     * A kubeconfig.
     *
     * @throws ControlPlaneException if the API server has not made its certificate yet
     */
    String kubeconfig(URI apiServer, String user) {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: local
                  cluster:
                    server: %s
                    certificate-authority-data: %s
                users:
                - name: %s
                  user: {token: %s}
                contexts:
                - name: local
                  context: {cluster: local, user: %s}
                current-context: local
                """.formatted(apiServer, certificateInBase64(), user, token(user), user);
    }

    private String certificateInBase64() {
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(certificate()));
        } catch (IOException e) {
            throw new ControlPlaneException("The API server's certificate can't be read: " + e.getMessage(), e);
        }
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has RSA", e);
        }
    }

    private static String pem(String type, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
    }
}
