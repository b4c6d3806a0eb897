package dev.lunasec.operator.dependent.tokenizer;

import dev.lunasec.api.v1alpha1.AutoscalingSpec;
import dev.lunasec.api.v1alpha1.PodsSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.dependent.RestrictedSecurity;
import dev.lunasec.operator.dependent.VaultDependent;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultObservation;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tokenizer pods. If the settings, the keyring or the references change, an annotation of the pods changes, and
 * Kubernetes replaces them.
 */
public final class TokenizerDeployment extends VaultDependent<Deployment> {
    public TokenizerDeployment() {
        super(Deployment.class, Names::tokenizer);
    }

    @Override
    protected Deployment desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        VaultObservation observed = VaultObservation.in(context);
        if (!(observed.keyring() instanceof KeyringState.Present present)) {
            throw new IllegalStateException("the SDK reconciles the Deployment only after the keyring exists");
        }
        int replicas = replicas(tokenizer, getSecondaryResource(tokenizer, context));
        return desired(
                tokenizer, present, observed.references(), observed.defaults().tokenizerImage(), replicas);
    }

    /** With an autoscaler, the number that it chose, within its bounds. */
    static int replicas(Tokenizer tokenizer, Optional<Deployment> now) {
        AutoscalingSpec autoscaling = tokenizer.getSpec().autoscaling();
        if (autoscaling == null) return tokenizer.getSpec().replicas();
        int chosen =
                now.map(Deployment::getSpec).map(DeploymentSpec::getReplicas).orElse(autoscaling.minReplicas());
        return Math.clamp(chosen, autoscaling.minReplicas(), autoscaling.maxReplicas());
    }

    static Deployment desired(
            Tokenizer tokenizer, KeyringState.Present keyring, String references, String image, int replicas) {
        Names names = Names.of(tokenizer);
        PodsSpec pods = tokenizer.getSpec().pods();
        return new DeploymentBuilder()
                .withMetadata(names.metadata(names.tokenizer(), Names.Component.TOKENIZER))
                .withNewSpec()
                .withReplicas(replicas)
                .withNewSelector()
                .withMatchLabels(names.selector(Names.Component.TOKENIZER))
                .endSelector()
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withNewMaxSurge(1)
                .withNewMaxUnavailable(0)
                .endRollingUpdate()
                .endStrategy()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(names.labels(Names.Component.TOKENIZER))
                .withAnnotations(Map.of(
                        Annotations.SETTINGS_HASH,
                        SettingsMapper.hash(tokenizer).toString(),
                        Annotations.KEYRING,
                        keyring.keyring().announcement().toString(),
                        Annotations.KEYRING_VERSION,
                        keyring.version(),
                        Annotations.REFERENCES,
                        references))
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(pods.serviceAccountName())
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(45L)
                .withSecurityContext(RestrictedSecurity.pod())
                .withPriorityClassName(pods.priorityClassName())
                .withNodeSelector(pods.nodeSelector())
                .withTolerations(tolerations(pods))
                .withTopologySpreadConstraints(
                        spread(names, "topology.kubernetes.io/zone"), spread(names, "kubernetes.io/hostname"))
                .withContainers(TokenizerContainer.of(
                        tokenizer, image, keyring.keyring().announcement()))
                .withVolumes(TokenizerVolumes.of(tokenizer))
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    /** The tolerations that the resource names. */
    public static List<Toleration> tolerations(PodsSpec pods) {
        return pods.tolerations().stream().map(TokenizerDeployment::toleration).toList();
    }

    private static Toleration toleration(PodsSpec.Toleration wanted) {
        return new TolerationBuilder()
                .withKey(wanted.key())
                .withOperator(wanted.operator())
                .withValue(wanted.value())
                .withEffect(wanted.effect())
                .withTolerationSeconds(wanted.tolerationSeconds())
                .build();
    }

    private static TopologySpreadConstraint spread(Names names, String over) {
        return new TopologySpreadConstraintBuilder()
                .withMaxSkew(1)
                .withTopologyKey(over)
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(names.selector(Names.Component.TOKENIZER))
                .endLabelSelector()
                .build();
    }
}
