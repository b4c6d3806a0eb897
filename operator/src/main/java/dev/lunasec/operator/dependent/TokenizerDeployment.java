package dev.lunasec.operator.dependent;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.Observed;
import dev.lunasec.operator.keyring.KeyringState;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Map;

/** The tokenizer pods. Their annotations change when settings or the keyring do, and then they roll. */
public final class TokenizerDeployment extends VaultObject<Deployment> {
    static final String SETTINGS_HASH = "lunasec.dev/settings";
    static final String KEYRING = "lunasec.dev/keyring";
    static final String KEYRING_UID = "lunasec.dev/keyring-uid";

    public TokenizerDeployment() {
        super(Deployment.class, Names::tokenizer);
    }

    @Override
    protected Deployment desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        Observed observed = Observed.in(context);
        if (!(observed.keyring() instanceof KeyringState.Present present)) {
            throw new IllegalStateException("pods are only wanted once the keyring is there");
        }
        return desired(tokenizer, present, observed.operator().tokenizerImage());
    }

    static Deployment desired(Tokenizer tokenizer, KeyringState.Present keyring, String image) {
        Names names = Names.of(tokenizer);
        return new DeploymentBuilder()
                .withMetadata(names.metadata(names.tokenizer(), Names.Component.TOKENIZER))
                .withNewSpec()
                .withReplicas(tokenizer.getSpec().replicas())
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
                        SETTINGS_HASH,
                        Settings.hash(tokenizer),
                        KEYRING,
                        keyring.keyring().announcement(),
                        KEYRING_UID,
                        keyring.uid()))
                .endMetadata()
                .withNewSpec()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(45L)
                .withSecurityContext(Restricted.pod())
                .withTopologySpreadConstraints(
                        spread(names, "topology.kubernetes.io/zone"), spread(names, "kubernetes.io/hostname"))
                .withContainers(TokenizerContainer.of(tokenizer, image))
                .withVolumes(TokenizerVolumes.of(tokenizer))
                .endSpec()
                .endTemplate()
                .endSpec()
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
