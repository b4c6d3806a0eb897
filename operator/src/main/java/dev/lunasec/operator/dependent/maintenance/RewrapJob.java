package dev.lunasec.operator.dependent.maintenance;

import dev.lunasec.api.v1alpha1.KeysSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.Command;
import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.contract.RewrapEnvironment;
import dev.lunasec.operator.dependent.tokenizer.SettingsMapper;
import dev.lunasec.operator.dependent.tokenizer.TokenizerContainer;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rewrap Job: it moves the records of one share to the primary share. Each worker moves one part of the record ids.
 */
public final class RewrapJob {
    private RewrapJob() {}

    /**
     * The Job as the operator creates it. The operator never changes it; if the resource asks for other work, the
     * operator replaces it.
     */
    public static Job desired(Tokenizer tokenizer, String image, KeyringAnnouncement keyring, int share) {
        Names names = Names.of(tokenizer);
        KeysSpec keys = tokenizer.getSpec().keys();
        int workers = keys.rewrapWorkers();
        Double rate = keys.compromised().contains(share) ? null : (double) keys.rewrapRate() / workers;
        return new JobBuilder()
                .withMetadata(names.metadata(names.rewrapJob(share), Names.Component.REWRAP))
                .editMetadata()
                .addToAnnotations(
                        Annotations.WORK,
                        String.join(
                                " ",
                                image,
                                SettingsMapper.hash(tokenizer).toString(),
                                Integer.toString(workers),
                                rate == null ? "" : rate.toString()))
                .endMetadata()
                .withNewSpec()
                .withCompletionMode("Indexed")
                .withCompletions(workers)
                .withParallelism(workers)
                .withTemplate(MaintenancePod.of(
                        tokenizer,
                        image,
                        keyring,
                        Names.Component.REWRAP,
                        Command.REWRAP,
                        Map.of(Annotations.SHARE, Integer.toString(share)),
                        TokenizerContainer.variables(RewrapEnvironment.variables(share, workers, rate))))
                .endSpec()
                .build();
    }

    /**
     * Whether a Job was created with the same image, settings, number of workers and rate as the desired Job: a
     * restarted worker refuses other settings than those of its Job. The annotation is compared and not the image,
     * because an admission webhook may have changed the registry of the image.
     */
    public static boolean hasSameWork(@Nullable Job job, Job desired) {
        return job != null && work(job).equals(work(desired));
    }

    private static String work(Job job) {
        return Objects.requireNonNullElse(Annotations.of(job, Annotations.WORK), "");
    }
}
