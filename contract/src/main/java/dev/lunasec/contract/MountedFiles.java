package dev.lunasec.contract;

/**
 * The names of the files in the folders that the operator mounts into a pod. The folders themselves are named by {@link
 * EnvironmentVariables}; {@link KeyringFiles} has the names of the keyring's files.
 */
public final class MountedFiles {
    /**
     * In {@link EnvironmentVariables#TLS}, and in a Secret of type {@code kubernetes.io/tls}: the certificate and its
     * authorities.
     */
    public static final String TLS_CERTIFICATE = "tls.crt";

    /** Beside it: the private key. */
    public static final String TLS_KEY = "tls.key";

    /** In {@link EnvironmentVariables#STORAGE_CREDENTIALS}, and in the Secret of {@code spec.storage.credentials}. */
    public static final String ACCESS_KEY_ID = "accessKeyId";

    /** Beside it. */
    public static final String SECRET_ACCESS_KEY = "secretAccessKey";

    /** In {@link EnvironmentVariables#CLUSTER_ACCOUNT}: the token with which the pod calls the API server. */
    public static final String CLUSTER_TOKEN = "token";

    /** Beside it: the certificate authority of the API server. */
    public static final String CLUSTER_CA = "ca.crt";

    /** In {@link EnvironmentVariables#ISSUER_CAS}: the PEM file with the authorities of the issuer of this name. */
    public static String issuerCA(String issuer) {
        return issuer + ".crt";
    }

    private MountedFiles() {}
}
