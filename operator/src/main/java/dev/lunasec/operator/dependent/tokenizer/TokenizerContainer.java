package dev.lunasec.operator.dependent.tokenizer;

import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.CA;
import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.CLUSTER;
import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.ISSUER_CAS;
import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.KEYRING;
import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.REDIS;
import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.REDIS_CA;
import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.SETTINGS;
import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.STORAGE;
import static dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes.TLS;

import dev.lunasec.api.v1alpha1.ConfigMapKey;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.Command;
import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.contract.ManagementPaths;
import dev.lunasec.contract.TerminationLog;
import dev.lunasec.contract.TokenizerEnvironment;
import dev.lunasec.contract.VaultFiles;
import dev.lunasec.operator.dependent.RestrictedSecurity;
import dev.lunasec.operator.dependent.redis.RedisSecret;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The container of a tokenizer pod: its environment, ports and probes. */
public final class TokenizerContainer {
    static final String NAME = "tokenizer";
    private static final long PRE_STOP_SECONDS = 5;

    private TokenizerContainer() {}

    static Container of(Tokenizer tokenizer, String image, KeyringAnnouncement keyring) {
        return new ContainerBuilder()
                .withName(NAME)
                .withImage(image)
                .withArgs(Command.SERVE.argument())
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
                .withTerminationMessagePath(TerminationLog.PATH)
                .withTerminationMessagePolicy("File")
                // Up to three minutes to start, and a second until the kubelet sees the end of it; six seconds until a
                // pod that is not ready gets no calls, half a minute until a hanging one is restarted.
                .withStartupProbe(probe(ManagementPaths.READY, 1, 180))
                .withReadinessProbe(probe(ManagementPaths.READY, 3, 2))
                .withLivenessProbe(probe(ManagementPaths.LIVE, 10, 3))
                // Callers still come until every node knows that the pod is terminating.
                .withNewLifecycle()
                .withNewPreStop()
                .withNewSleep(PRE_STOP_SECONDS)
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
        ConfigMapKey redisCa = TokenizerVolumes.redisCa(tokenizer);
        boolean applications = !tokenizer.getSpec().auth().applications().isEmpty();
        return variables(TokenizerEnvironment.variables(
                files(tokenizer, keyring),
                Path.of(REDIS, RedisSecret.URL),
                redisCa == null ? null : Path.of(REDIS_CA, redisCa.key()),
                tokenizer.getSpec().tls() == null ? null : Path.of(TLS),
                TokenizerVolumes.hasIssuerCas(tokenizer) ? Path.of(ISSUER_CAS) : null,
                applications ? Path.of(CLUSTER) : null));
    }

    /** The variables of every program that reads records. It does not start with fewer shares than this keyring has. */
    public static List<EnvVar> recordsEnvironment(Tokenizer tokenizer, KeyringAnnouncement keyring) {
        return variables(files(tokenizer, keyring).variables());
    }

    private static VaultFiles files(Tokenizer tokenizer, KeyringAnnouncement keyring) {
        ConfigMapKey ca = tokenizer.getSpec().storage().trustedCA();
        return new VaultFiles(
                Path.of(SETTINGS, SettingsConfigMap.KEY),
                SettingsMapper.hash(tokenizer),
                Path.of(KEYRING),
                keyring,
                tokenizer.getSpec().storage().credentials() == null ? null : Path.of(STORAGE),
                ca == null ? null : Path.of(CA, ca.key()));
    }

    /** Variables as a container has them, in their order. */
    public static List<EnvVar> variables(Map<String, String> values) {
        return values.entrySet().stream()
                .map(variable -> new EnvVar(variable.getKey(), variable.getValue(), null))
                .toList();
    }

    /** The name of the port for callers. */
    static String portName(Tokenizer tokenizer) {
        return tokenizer.getSpec().tls() == null ? "http" : "https";
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
