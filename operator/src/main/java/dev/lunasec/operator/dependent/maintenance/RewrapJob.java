package dev.lunasec.operator.dependent.maintenance;

import dev.lunasec.api.v1alpha1.KeysSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.Command;
import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.contract.RewrapEnvironment;
import dev.lunasec.operator.dependent.tokenizer.TokenizerContainer;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Moves the records of one share to the primary: a worker for each part of the ids. */
public final class RewrapJob {
    private RewrapJob() {}

    /** The Job as it is created; it is never changed, but replaced when the resource asks for other work. */
    public static Job desired(Tokenizer tokenizer, String image, KeyringAnnouncement keyring, int share) {
        Names names = Names.of(tokenizer);
        KeysSpec keys = tokenizer.getSpec().keys();
        int workers = keys.rewrapWorkers();
        Double rate = keys.compromised().contains(share) ? null : (double) keys.rewrapRate() / workers;
        return new JobBuilder()
                .withMetadata(names.metadata(names.rewrap(share), Names.Component.REWRAP))
                .editMetadata()
                .addToAnnotations(
                        Annotations.WORK, String.join(" ", image, Integer.toString(workers), rate == null ? "" : rate.toString()))
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
     * Whether a Job was created for what one that is desired would do. What it runs may have been changed since: a webhook may have put
     * another registry before its image.
     */
    public static boolean works(@Nullable Job job, Job desired) {
        return job != null && work(job).equals(work(desired));
    }

    private static String work(Job job) {
        return Objects.requireNonNullElse(Annotations.of(job, Annotations.WORK), "");
    }
}
