package dev.lunasec.operator.dependent.maintenance;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.operator.dependent.VaultDependent;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultObservation;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;

/** Creates a sweep Job every night, which deletes what is left of erased records. */
public final class SweepCronJob extends VaultDependent<CronJob> {
    private static final long START_WITHIN_SECONDS = 6 * 60 * 60;

    public SweepCronJob() {
        super(CronJob.class, Names::sweepCronJob);
    }

    @Override
    protected CronJob desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        VaultObservation observed = VaultObservation.in(context);
        if (!(observed.keyring() instanceof KeyringState.Present present)) {
            throw new IllegalStateException("the SDK reconciles the CronJob only after the keyring exists");
        }
        return desired(
                tokenizer,
                observed.defaults().tokenizerImage(),
                present.keyring().announcement());
    }

    static CronJob desired(Tokenizer tokenizer, String image, KeyringAnnouncement keyring) {
        Names names = Names.of(tokenizer);
        return new CronJobBuilder()
                .withMetadata(names.metadata(names.sweepCronJob(), Names.Component.SWEEP))
                .withNewSpec()
                .withSchedule(Math.floorMod((names.namespace() + "/" + names.vault()).hashCode(), 60)
                        + " 3 * * *") // spread over the hour, so that not all vaults sweep in the same minute
                .withConcurrencyPolicy("Forbid")
                .withStartingDeadlineSeconds(START_WITHIN_SECONDS)
                .withSuccessfulJobsHistoryLimit(1)
                .withFailedJobsHistoryLimit(1)
                .withNewJobTemplate()
                .withNewMetadata()
                .withLabels(names.labels(Names.Component.SWEEP))
                .endMetadata()
                .withSpec(SweepJob.spec(tokenizer, image, keyring))
                .endJobTemplate()
                .endSpec()
                .build();
    }
}
