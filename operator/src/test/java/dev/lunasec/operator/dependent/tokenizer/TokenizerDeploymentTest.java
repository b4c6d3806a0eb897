package dev.lunasec.operator.dependent.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.Binding;
import dev.lunasec.operator.keyring.KeyringIndex;
import dev.lunasec.operator.keyring.KeyringState;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class TokenizerDeploymentTest {
    private static final KeyringIndex KEYRING = new KeyringIndex(1, List.of(1), 1, null, null);

    @Test
    void thePodIsRestrictedAndHasNoToken() {
        PodTemplateSpec pod = pod("", "60s", KEYRING);
        assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSpec().getSecurityContext().getSeccompProfile().getType())
                .isEqualTo("RuntimeDefault");
        Container container = pod.getSpec().getContainers().get(0);
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getTerminationMessagePath()).isEqualTo("/dev/termination-log");
    }

    @Test
    void thePodHasThreeMinutesToStartAndIsSeenReadyWithinASecond() {
        Probe startup = pod("", "60s", KEYRING).getSpec().getContainers().get(0).getStartupProbe();
        assertThat(startup.getHttpGet().getPath()).isEqualTo("/readyz");
        assertThat(startup.getPeriodSeconds()).isEqualTo(1);
        assertThat(startup.getPeriodSeconds() * startup.getFailureThreshold()).isEqualTo(180);
    }

    @Test
    void credentialsAndAuthorityAreOnlyMountedWhenNamed() {
        assertThat(environment(pod("", "60s", KEYRING)))
                .containsExactly(
                        "TOKENIZER_SETTINGS",
                        "TOKENIZER_SETTINGS_EXPECTED",
                        "TOKENIZER_KEYRING",
                        "TOKENIZER_KEYRING_EXPECTED",
                        "TOKENIZER_TERMINATION_LOG",
                        "TOKENIZER_REDIS_URL");
        PodTemplateSpec pod =
                pod("credentials: {secretName: s3}, trustedCA: {configMapName: ca, key: root.pem},", "60s", KEYRING);
        assertThat(environment(pod)).contains("TOKENIZER_STORAGE_CREDENTIALS", "TOKENIZER_TRUSTED_CA");
        assertThat(pod.getSpec().getVolumes()).extracting(Volume::getName).contains("storage", "ca");
    }

    /** The files belong to root and to the group of the pod. */
    @Test
    void onlyThePodCanReadTheFilesOfItsSecrets() {
        PodTemplateSpec pod = pod("credentials: {secretName: s3},", "60s", KEYRING);
        assertThat(pod.getSpec().getSecurityContext().getFsGroup()).isEqualTo(65532);
        assertThat(pod.getSpec().getVolumes().stream()
                        .filter(volume -> volume.getSecret() != null)
                        .map(volume -> volume.getSecret().getDefaultMode()))
                .hasSize(3)
                .containsOnly(0440);
    }

    @Test
    void aChangeOfSettingsOrKeysMakesPodsRollAndNothingElseDoes() {
        var annotations = pod("", "60s", KEYRING).getMetadata().getAnnotations();
        assertThat(pod("", "60s", KEYRING).getMetadata().getAnnotations()).isEqualTo(annotations);
        assertThat(pod("", "61s", KEYRING).getMetadata().getAnnotations()).isNotEqualTo(annotations);
        assertThat(pod("", "60s", new KeyringIndex(2, List.of(1, 2), 2, null, null))
                        .getMetadata()
                        .getAnnotations())
                .isNotEqualTo(annotations)
                .containsEntry("lunasec.dev/keyring", "primary=2 shares=1,2");
    }

    private static List<String> environment(PodTemplateSpec pod) {
        return pod.getSpec().getContainers().get(0).getEnv().stream()
                .map(EnvVar::getName)
                .toList();
    }

    private static PodTemplateSpec pod(String storage, String urlLifetime, KeyringIndex keyring) {
        String yaml = """
                apiVersion: lunasec.dev/v1alpha1
                kind: Tokenizer
                metadata: {name: vault, namespace: payments}
                spec:
                  replicas: 2
                  storage: {bucket: vault, region: eu-central-1, %s maximumObjectSize: 5Gi, urlLifetime: %s}
                  grants: {defaultDuration: 15m, maximumDuration: 1h, redis: {}}
                  keys: {rotation: 1, gracePeriod: 168h}
                  auth: {issuers: [], applications: [], outageTolerance: 15m, maximumServiceAccountTokenLifetime: 1h}
                  frame: {}
                  pods: {resources: {requests: {cpu: 100m}, limits: {memory: 512Mi}}, nodeSelector: {}, tolerations: []}
                """.formatted(storage, urlLifetime);
        Tokenizer tokenizer = new KubernetesSerialization().unmarshal(yaml, Tokenizer.class);
        return TokenizerDeployment.desired(
                        tokenizer,
                        new KeyringState.Present(keyring, "uid", false, new Binding.Unbound(), false),
                        "references",
                        "tokenizer:test",
                        2)
                .getSpec()
                .getTemplate();
    }
}
