package dev.lunasec.operator.dependent.maintenance;

import dev.lunasec.api.v1alpha1.PodsSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.Command;
import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.contract.TerminationLog;
import dev.lunasec.operator.dependent.RestrictedSecurity;
import dev.lunasec.operator.dependent.tokenizer.TokenizerContainer;
import dev.lunasec.operator.dependent.tokenizer.TokenizerDeployment;
import dev.lunasec.operator.dependent.tokenizer.TokenizerVolumes;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.util.List;
import java.util.Map;

/** A pod that runs one command of the tokenizer's image and ends. It serves no port and needs no Redis. */
final class MaintenancePod {
    private MaintenancePod() {}

    static PodTemplateSpec of(
            Tokenizer tokenizer,
            String image,
            KeyringAnnouncement keyring,
            Names.Component component,
            Command command,
            Map<String, String> labels,
            List<EnvVar> environment) {
        PodsSpec pods = tokenizer.getSpec().pods();
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(Names.of(tokenizer).labels(component))
                .addToLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("OnFailure")
                .withServiceAccountName(pods.serviceAccountName())
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(30L)
                .withSecurityContext(RestrictedSecurity.pod())
                .withPriorityClassName(pods.priorityClassName())
                .withNodeSelector(pods.nodeSelector())
                .withTolerations(TokenizerDeployment.tolerations(pods))
                .addNewContainer()
                .withName(command.argument())
                .withImage(image)
                .withArgs(command.argument())
                .withEnv(TokenizerContainer.recordsEnvironment(tokenizer, keyring))
                .addAllToEnv(environment)
                .withTerminationMessagePath(TerminationLog.PATH)
                .withTerminationMessagePolicy("File")
                .withNewResources()
                .withRequests(pods.resources().requests())
                .withLimits(pods.resources().limits())
                .endResources()
                .withSecurityContext(RestrictedSecurity.container())
                .withVolumeMounts(TokenizerVolumes.recordsMounts(tokenizer))
                .endContainer()
                .withVolumes(TokenizerVolumes.records(tokenizer))
                .endSpec()
                .build();
    }
}
