package dev.lunasec.contract;

/**
 * The names of the environment variables of the tokenizer's image and of the operator. The operator, the local system,
 * or a person who runs an agent sets them; {@link VaultFiles}, {@link TokenizerEnvironment}, {@link RewrapEnvironment}
 * and {@link AgentEnvironment} parse those of the image, and say what each of them holds.
 */
public final class EnvironmentVariables {
    /** Every command that opens a vault. */
    public static final String SETTINGS = "TOKENIZER_SETTINGS";

    public static final String SETTINGS_EXPECTED = "TOKENIZER_SETTINGS_EXPECTED";
    public static final String KEYRING = "TOKENIZER_KEYRING";
    public static final String KEYRING_EXPECTED = "TOKENIZER_KEYRING_EXPECTED";
    public static final String STORAGE_CREDENTIALS = "TOKENIZER_STORAGE_CREDENTIALS";
    public static final String TRUSTED_CA = "TOKENIZER_TRUSTED_CA";

    /** Every command. */
    public static final String TERMINATION_LOG = "TOKENIZER_TERMINATION_LOG";

    /** The tokenizer. */
    public static final String REDIS_URL = "TOKENIZER_REDIS_URL";

    public static final String REDIS_CA = "TOKENIZER_REDIS_CA";
    public static final String TLS = "TOKENIZER_TLS";
    public static final String ISSUER_CAS = "TOKENIZER_ISSUER_CAS";
    public static final String CLUSTER_ACCOUNT = "TOKENIZER_CLUSTER_ACCOUNT";

    /** The tokenizer and the agent. */
    public static final String ADDRESS = "TOKENIZER_ADDRESS";

    public static final String PORT = "TOKENIZER_PORT";
    public static final String MANAGEMENT_ADDRESS = "TOKENIZER_MANAGEMENT_ADDRESS";
    public static final String MANAGEMENT_PORT = "TOKENIZER_MANAGEMENT_PORT";

    /** The agent. Applications that use the Java client have the same variables in the examples. */
    public static final String URL = "TOKENIZER_URL";

    public static final String TOKEN_FILE = "TOKENIZER_TOKEN_FILE";
    public static final String CA = "TOKENIZER_CA";
    public static final String ACTIONS = "TOKENIZER_ACTIONS";

    /** A worker of a rewrap. */
    public static final String REWRAP_SHARE = "TOKENIZER_REWRAP_SHARE";

    public static final String REWRAP_WORKERS = "TOKENIZER_REWRAP_WORKERS";
    public static final String REWRAP_RATE = "TOKENIZER_REWRAP_RATE";

    /** Kubernetes sets it in the pods of an Indexed Job. */
    public static final String JOB_COMPLETION_INDEX = "JOB_COMPLETION_INDEX";

    /** Kubernetes sets both in every container: the address of the API server. */
    public static final String KUBERNETES_SERVICE_HOST = "KUBERNETES_SERVICE_HOST";

    public static final String KUBERNETES_SERVICE_PORT = "KUBERNETES_SERVICE_PORT";

    /** The operator. {@code docs/operations.md} says what each of its variables does. */
    public static final String TOKENIZER_IMAGE = "TOKENIZER_IMAGE";

    public static final String REDIS_IMAGE = "REDIS_IMAGE";
    public static final String WATCH_NAMESPACES = "WATCH_NAMESPACES";
    public static final String ALLOW_OWN_IDENTITY = "ALLOW_OWN_IDENTITY";
    public static final String BINDING_DELAY = "BINDING_DELAY";
    public static final String MINIMUM_GRACE_PERIOD = "MINIMUM_GRACE_PERIOD";
    public static final String POD_NAME = "POD_NAME";
    public static final String LEASE_NAMESPACE = "LEASE_NAMESPACE";
    public static final String LEASE_NAME = "LEASE_NAME";
    public static final String OPERATOR_ADDRESS = "OPERATOR_ADDRESS";
    public static final String OPERATOR_PORT = "OPERATOR_PORT";

    private EnvironmentVariables() {}
}
