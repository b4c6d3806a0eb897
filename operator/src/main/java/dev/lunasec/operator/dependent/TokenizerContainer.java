package dev.lunasec.operator.dependent;

import static dev.lunasec.operator.dependent.TokenizerVolumes.CA;
import static dev.lunasec.operator.dependent.TokenizerVolumes.KEYRING;
import static dev.lunasec.operator.dependent.TokenizerVolumes.REDIS;
import static dev.lunasec.operator.dependent.TokenizerVolumes.SETTINGS;
import static dev.lunasec.operator.dependent.TokenizerVolumes.STORAGE;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerSpec.ConfigMapKey;
import dev.lunasec.settings.TokenizerEnvironment;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The container of a tokenizer pod: where it finds its files, where it listens, and how one sees that it is well. */
final class TokenizerContainer {
    static final String NAME = "tokenizer";
    private static final String TERMINATION_LOG = "/dev/termination-log";

    private TokenizerContainer() {}

    static Container of(Tokenizer tokenizer, String image) {
        return new ContainerBuilder()
                .withName(NAME)
                .withImage(image)
                .withArgs("serve")
                .withEnv(environment(tokenizer))
                .addNewPort()
                .withName("http")
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
                .withNewResources()
                .withRequests(Map.of("cpu", new Quantity("100m"), "memory", new Quantity("384Mi")))
                .withLimits(Map.of("memory", new Quantity("512Mi")))
                .endResources()
                .withSecurityContext(Restricted.container())
                .withVolumeMounts(TokenizerVolumes.mounts(tokenizer))
                .build();
    }

    private static List<EnvVar> environment(Tokenizer tokenizer) {
        List<EnvVar> env = new ArrayList<>();
        env.add(variable("TOKENIZER_SETTINGS", SETTINGS + "/" + SettingsConfigMap.KEY));
        env.add(variable("TOKENIZER_KEYRING", KEYRING));
        env.add(variable("TOKENIZER_REDIS_URL", REDIS + "/" + RedisSecret.URL));
        env.add(variable("TOKENIZER_TERMINATION_LOG", TERMINATION_LOG));
        if (tokenizer.getSpec().storage().credentials() != null) {
            env.add(variable("TOKENIZER_STORAGE_CREDENTIALS", STORAGE));
        }
        ConfigMapKey ca = tokenizer.getSpec().storage().trustedCA();
        if (ca != null) env.add(variable("TOKENIZER_TRUSTED_CA", CA + "/" + ca.key()));
        return env;
    }

    private static EnvVar variable(String name, String value) {
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
