package dev.lunasec.operator.dependent;

import static dev.lunasec.operator.dependent.TokenizerContainer.variable;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerSpec;
import dev.lunasec.settings.KeyringAnnouncement;
import io.fabric8.kubernetes.api.model.Container;
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

    private static final String WORK = "TOKENIZER_REWRAP_";

    private RewrapJob() {}

    /** The Job as it is created; it is never changed, but replaced when the resource asks for other work. */
    public static Job desired(Tokenizer tokenizer, String image, KeyringAnnouncement keyring, int share) {
        Names names = Names.of(tokenizer);
        TokenizerSpec.Keys keys = tokenizer.getSpec().keys();
        List<EnvVar> environment = new ArrayList<>(List.of(
                variable(WORK + "SHARE", Integer.toString(share)),
                variable(WORK + "WORKERS", Integer.toString(keys.rewrapWorkers()))));
        if (!keys.compromised().contains(share)) {
            double each = (double) keys.rewrapRate() / keys.rewrapWorkers();
            environment.add(variable(WORK + "RATE", Double.toString(each)));
        }
        return new JobBuilder()
                .withMetadata(names.metadata(names.rewrap(share), Names.Component.REWRAP))
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

    /** Whether a Job works as one that is desired would: as many workers of the same image, at the same rate. */
    public static boolean works(@Nullable Job job, Job desired) {
        return job != null && work(job).equals(work(desired));
    }

    private static List<Object> work(Job job) {
        Container container =
                job.getSpec().getTemplate().getSpec().getContainers().get(0);
        List<EnvVar> work = container.getEnv().stream()
                .filter(variable -> variable.getName().startsWith(WORK))
                .toList();
        return List.of(job.getSpec().getCompletions(), container.getImage(), work);
    }
}
