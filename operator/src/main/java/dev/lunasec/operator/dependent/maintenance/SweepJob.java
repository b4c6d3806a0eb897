package dev.lunasec.operator.dependent.maintenance;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.Command;
import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.operator.dependent.tokenizer.SettingsMapper;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpecBuilder;
import java.util.List;
import java.util.Map;

/**
 * The sweep Job of a rotation: after the records of a share were moved, it deletes once what is left of erased ones.
 */
public final class SweepJob {
    /** How long the finished Job and its log are kept. */
    private static final int KEPT_SECONDS = 24 * 60 * 60;

    private SweepJob() {}

    /** The Job as the operator creates it. The operator never changes it. */
    public static Job desired(Tokenizer tokenizer, String image, KeyringAnnouncement keyring, int share) {
        Names names = Names.of(tokenizer);
        return new JobBuilder()
                .withMetadata(names.metadata(names.sweepJob(share), Names.Component.SWEEP))
                .editMetadata()
                .addToAnnotations(
                        Annotations.WORK,
                        image + " " + SettingsMapper.hash(tokenizer).toString())
                .endMetadata()
                .withSpec(spec(tokenizer, image, keyring))
                .editSpec()
                .withTtlSecondsAfterFinished(KEPT_SECONDS)
                .endSpec()
                .build();
    }

    static JobSpec spec(Tokenizer tokenizer, String image, KeyringAnnouncement keyring) {
        return new JobSpecBuilder()
                .withTemplate(MaintenancePod.of(
                        tokenizer, image, keyring, Names.Component.SWEEP, Command.SWEEP, Map.of(), List.of()))
                .build();
    }
}
