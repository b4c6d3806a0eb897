package dev.lunasec.operator.dependent.maintenance;

import static dev.lunasec.operator.dependent.tokenizer.TokenizerContainer.variable;

import dev.lunasec.api.v1alpha1.KeysSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Moves the records of one share to the primary: a worker for each part of the ids. */
public final class RewrapJob {
    /** On the pods of the Job: the share whose records they move. */
    public static final String SHARE = "lunasec.dev/share";

    /** On the Job: what it was created for. */
    private static final String WORK = "lunasec.dev/work";

    private RewrapJob() {}

    /** The Job as it is created; it is never changed, but replaced when the resource asks for other work. */
    public static Job desired(Tokenizer tokenizer, String image, KeyringAnnouncement keyring, int share) {
        Names names = Names.of(tokenizer);
        KeysSpec keys = tokenizer.getSpec().keys();
        String workers = Integer.toString(keys.rewrapWorkers());
        String rate = keys.compromised().contains(share)
                ? ""
                : Double.toString((double) keys.rewrapRate() / keys.rewrapWorkers());
        List<EnvVar> environment = new ArrayList<>(List.of(
                variable("TOKENIZER_REWRAP_SHARE", Integer.toString(share)),
                variable("TOKENIZER_REWRAP_WORKERS", workers)));
        if (!rate.isEmpty()) environment.add(variable("TOKENIZER_REWRAP_RATE", rate));
        return new JobBuilder()
                .withMetadata(names.metadata(names.rewrap(share), Names.Component.REWRAP))
                .editMetadata()
                .addToAnnotations(WORK, String.join(" ", image, workers, rate))
                .endMetadata()
                .withNewSpec()
                .withCompletionMode("Indexed")
                .withCompletions(keys.rewrapWorkers())
                .withParallelism(keys.rewrapWorkers())
                .withTemplate(MaintenancePod.of(
                        tokenizer,
                        image,
                        keyring,
                        Names.Component.REWRAP,
                        "rewrap",
                        Map.of(SHARE, Integer.toString(share)),
                        environment))
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
        Map<String, String> annotations = job.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(WORK, "");
    }
}
