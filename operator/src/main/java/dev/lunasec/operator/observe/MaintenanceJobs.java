package dev.lunasec.operator.observe;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.operator.dependent.maintenance.RewrapJob;
import dev.lunasec.operator.dependent.maintenance.SweepJob;
import dev.lunasec.operator.model.NameTaken;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.rotation.JobState;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

/** Reads the rewrap and sweep Jobs of a rotation from the API server. */
final class MaintenanceJobs {
    private final Tokenizer tokenizer;
    private final Names names;
    private final String image;
    private final KeyringAnnouncement keyring;
    private final KubernetesClient client;

    /**
     * The Jobs of a vault.
     *
     * @param image the image that a Job of now would have
     * @param keyring the shares that a Job of now would have
     */
    MaintenanceJobs(Tokenizer tokenizer, String image, KeyringAnnouncement keyring, KubernetesClient client) {
        this.tokenizer = tokenizer;
        this.names = Names.of(tokenizer);
        this.image = image;
        this.keyring = keyring;
        this.client = client;
    }

    /**
     * The state of the rewrap Job of a share.
     *
     * @param workerRuns whether a pod moves records of the share, with or without its Job
     */
    JobState rewrap(int share, boolean workerRuns) {
        Job job = job(names.rewrapJob(share));
        JobState state = state(job, RewrapJob.desired(tokenizer, image, keyring, share));
        return workerRuns && state != JobState.OUTDATED ? JobState.RUNNING : state;
    }

    /** The state of the sweep Job of a share. */
    JobState sweep(int share) {
        return state(job(names.sweepJob(share)), SweepJob.desired(tokenizer, image, keyring, share));
    }

    private @Nullable Job job(String name) {
        Job job = client.batch()
                .v1()
                .jobs()
                .inNamespace(names.namespace())
                .withName(name)
                .get();
        if (job != null) NameTaken.unlessOwned(job, tokenizer);
        return job;
    }

    private static JobState state(@Nullable Job job, Job desired) {
        if (job == null) return JobState.NONE;
        if (is(job.getStatus(), "Complete")) return JobState.DONE;
        if (is(job.getStatus(), "Failed")) return JobState.FAILED;
        return RewrapJob.hasSameWork(job, desired) ? JobState.RUNNING : JobState.OUTDATED;
    }

    private static boolean is(@Nullable JobStatus status, String type) {
        return status != null
                && status.getConditions() != null
                && status.getConditions().stream()
                        .anyMatch(c -> type.equals(c.getType()) && "True".equals(c.getStatus()));
    }
}
