package dev.lunasec.operator.dependent.tokenizer;

import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.CA;
import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.CLUSTER;
import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.KEYRING;
import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.REDIS;
import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.REDIS_CA;
import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.SETTINGS;
import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.STORAGE;
import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.TLS;

import dev.lunasec.api.v1alpha1.ConfigMapKey;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.contract.TokenizerEnvironment;
import dev.lunasec.operator.dependent.RestrictedSecurity;
import dev.lunasec.operator.dependent.redis.RedisSecret;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.util.ArrayList;
import java.util.List;

/** The container of a tokenizer pod: where it finds its files, where it listens, and how one sees that it is well. */
public final class TokenizerContainer {
    static final String NAME = "tokenizer";
    public static final String TERMINATION_LOG = "/dev/termination-log";
    private static final long STILL_CALLED_SECONDS = 5;

    private TokenizerContainer() {}

    static Container of(Tokenizer tokenizer, String image, KeyringAnnouncement keyring) {
        return new ContainerBuilder()
                .withName(NAME)
                .withImage(image)
                .withArgs("serve")
                .withEnv(environment(tokenizer, keyring))
                .addNewPort()
                .withName(portName(tokenizer))
                .withContainerPort(TokenizerEnvironment.DEFAULT_PORT)
                .withProtocol("TCP")
                .endPort()
                .addNewPort()
                .withName("management")
                .withContainerPort(TokenizerEnvironment.DEFAULT_MANAGEMENT_PORT)
                .withProtocol("TCP")
                .endPort()
                .withTerminationMessagePath(TERMINATION_LOG)
                .withTerminationMessagePolicy("File")
                // Three minutes to start, a few seconds to notice that it is not ready, half a minute until a stuck one
                // is ended.
                .withStartupProbe(probe("/readyz", 2, 90))
                .withReadinessProbe(probe("/readyz", 3, 2))
                .withLivenessProbe(probe("/livez", 10, 3))
                // Until every node has heard that the pod is going, callers still come.
                .withNewLifecycle()
                .withNewPreStop()
                .withNewSleep(STILL_CALLED_SECONDS)
                .endPreStop()
                .endLifecycle()
                .withNewResources()
                .withRequests(tokenizer.getSpec().pods().resources().requests())
                .withLimits(tokenizer.getSpec().pods().resources().limits())
                .endResources()
                .withSecurityContext(RestrictedSecurity.container())
                .withVolumeMounts(TokenizerVolumes.mounts(tokenizer))
                .build();
    }

    private static List<EnvVar> environment(Tokenizer tokenizer, KeyringAnnouncement keyring) {
        List<EnvVar> env = new ArrayList<>(recordsEnvironment(tokenizer, keyring));
        env.add(variable("TOKENIZER_REDIS_URL", REDIS + "/" + RedisSecret.URL));
        ConfigMapKey redisCa = TokenizerVolumes.redisCa(tokenizer);
        if (redisCa != null) env.add(variable("TOKENIZER_REDIS_CA", REDIS_CA + "/" + redisCa.key()));
        if (tokenizer.getSpec().tls() != null) env.add(variable("TOKENIZER_TLS", TLS));
        if (!tokenizer.getSpec().auth().applications().isEmpty()) {
            env.add(variable("TOKENIZER_CLUSTER_ACCOUNT", CLUSTER));
        }
        return env;
    }

    /** What every program that works on records needs; with less than the keyring that is announced here it does not run. */
    public static List<EnvVar> recordsEnvironment(Tokenizer tokenizer, KeyringAnnouncement keyring) {
        List<EnvVar> env = new ArrayList<>();
        env.add(variable("TOKENIZER_SETTINGS", SETTINGS + "/" + SettingsConfigMap.KEY));
        env.add(variable("TOKENIZER_KEYRING", KEYRING));
        env.add(variable("TOKENIZER_KEYRING_EXPECTED", keyring.toString()));
        env.add(variable("TOKENIZER_TERMINATION_LOG", TERMINATION_LOG));
        if (tokenizer.getSpec().storage().credentials() != null) {
            env.add(variable("TOKENIZER_STORAGE_CREDENTIALS", STORAGE));
        }
        ConfigMapKey ca = tokenizer.getSpec().storage().trustedCA();
        if (ca != null) env.add(variable("TOKENIZER_TRUSTED_CA", CA + "/" + ca.key()));
        return env;
    }

    /** The name of the port for callers, which Services point to. */
    static String portName(Tokenizer tokenizer) {
        return tokenizer.getSpec().tls() == null ? "http" : "https";
    }

    public static EnvVar variable(String name, String value) {
        return new EnvVar(name, value, null);
    }

    private static Probe probe(String path, int everySeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withNewPort("management")
                .withScheme("HTTP")
                .endHttpGet()
                .withPeriodSeconds(everySeconds)
                .withTimeoutSeconds(2)
                .withFailureThreshold(failures)
                .build();
    }
}
