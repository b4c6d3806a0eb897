package dev.lunasec.operator.observe;

import dev.lunasec.api.v1alpha1.KeysSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.GoDuration;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.operator.bucket.s3.RecordsOfShare;
import dev.lunasec.operator.dependent.maintenance.RewrapJob;
import dev.lunasec.operator.keyring.KeyringIndex;
import dev.lunasec.operator.keyring.KeyringState.Records;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.rotation.RotationPolicy;
import dev.lunasec.operator.rotation.RotationState;
import dev.lunasec.operator.rotation.RotationState.Job;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what a rotation is decided from. All of it is read from the API server and the store, nothing from a cache: a pod or a
 * worker that is missed here could still write.
 */
public final class RotationObserver {
    private static final KeyringAnnouncement NOTHING = new KeyringAnnouncement(0, List.of());

    private final Tokenizer tokenizer;
    private final Names names;
    private final String image;
    private final KubernetesClient client;

    /** @param image that workers are to have */
    RotationObserver(Tokenizer tokenizer, String image, KubernetesClient client) {
        this.tokenizer = tokenizer;
        this.names = Names.of(tokenizer);
        this.image = image;
        this.client = client;
    }

    /** The store comes last, so that it is asked after the last worker was seen to have ended. */
    RotationState observe(KeyringIndex keyring, RecordsOfShare records, boolean bucketIsKnown, Instant now)
            throws KeyringIndex.Unreadable {
        RotationPolicy wish = wish();
        Secret secret = retired(names, client);
        Map<Integer, Instant> retired = KeyringIndex.retired(data(secret));
        Set<Integer> old = new HashSet<>(keyring.older());
        old.addAll(retired.keySet());
        boolean quiet = old.isEmpty() && keyring.newest() == keyring.primary() && !wish.asksForAnother(keyring, now);
        List<Pod> pods = quiet ? List.of() : PodObserver.running(names, client);
        Map<Integer, Job> rewraps = new HashMap<>();
        Map<Integer, Job> sweeps = new HashMap<>();
        Map<Integer, Records> left = new HashMap<>();
        Map<Integer, Integer> quarantined = new HashMap<>();
        for (int share : old) {
            rewraps.put(share, rewrap(keyring, share, workerIsLeft(pods, share)));
            sweeps.put(share, state(job(names.verify(share))));
            Optional<Integer> aside = records.quarantined(share);
            aside.ifPresent(count -> quarantined.put(share, count));
            left.put(share, aside.isEmpty() ? Records.UNKNOWN : records.left(share));
        }
        return new RotationState(
                wish,
                keyring,
                retired,
                secret == null ? "" : secret.getMetadata().getResourceVersion(),
                bucketIsKnown,
                announcements(pods),
                quiet || settled(),
                rewraps,
                sweeps,
                left,
                quarantined,
                PodObserver.failures(pods.stream().filter(this::isWorker).toList()),
                now);
    }

    private RotationPolicy wish() {
        KeysSpec keys = tokenizer.getSpec().keys();
        return new RotationPolicy(
                keys.rotation(),
                keys.maximumAge() == null ? null : duration("maximumAge", keys.maximumAge()),
                duration("gracePeriod", keys.gracePeriod()),
                Set.copyOf(keys.compromised()),
                Set.copyOf(keys.keep()),
                Set.copyOf(keys.giveUp()));
    }

    private static Duration duration(String field, String text) {
        return GoDuration.parse(text)
                .orElseThrow(
                        () -> new InvalidSettings("spec.keys." + field + " is not a duration; write one like 168h."));
    }

    /** The Secret of retired shares. */
    public static @Nullable Secret retired(Names names, KubernetesClient client) {
        return client.secrets()
                .inNamespace(names.namespace())
                .withName(names.retired())
                .get();
    }

    public static Map<String, String> data(@Nullable Secret secret) {
        return secret == null || secret.getData() == null ? Map.of() : secret.getData();
    }

    /** A pod that does not say what it runs with has nothing of what is wanted. */
    private List<KeyringAnnouncement> announcements(List<Pod> pods) {
        List<KeyringAnnouncement> announcements = new ArrayList<>();
        for (Pod pod : pods) {
            if (!names.owns(pod, Names.Component.TOKENIZER)) continue;
            announcements.add(Optional.ofNullable(Annotations.of(pod, Annotations.KEYRING))
                    .flatMap(KeyringAnnouncement::parse)
                    .orElse(NOTHING));
        }
        return announcements;
    }

    private boolean isWorker(Pod pod) {
        return names.owns(pod, Names.Component.REWRAP) || names.owns(pod, Names.Component.SWEEP);
    }

    private boolean workerIsLeft(List<Pod> pods, int share) {
        return pods.stream()
                .filter(pod -> names.owns(pod, Names.Component.REWRAP))
                .anyMatch(pod -> Integer.toString(share)
                        .equals(pod.getMetadata().getLabels().get(Annotations.SHARE)));
    }

    private Job rewrap(KeyringIndex keyring, int share, boolean workerIsLeft) {
        io.fabric8.kubernetes.api.model.batch.v1.Job job = job(names.rewrap(share));
        Job state = state(job);
        boolean outdated = state == Job.RUNNING
                && !RewrapJob.works(job, RewrapJob.desired(tokenizer, image, keyring.announcement(), share));
        if (outdated) return Job.OUTDATED;
        return workerIsLeft ? Job.RUNNING : state;
    }

    private io.fabric8.kubernetes.api.model.batch.v1.@Nullable Job job(String name) {
        return client.batch()
                .v1()
                .jobs()
                .inNamespace(names.namespace())
                .withName(name)
                .get();
    }

    private static Job state(io.fabric8.kubernetes.api.model.batch.v1.@Nullable Job job) {
        if (job == null) return Job.NONE;
        if (is(job.getStatus(), "Complete")) return Job.DONE;
        return is(job.getStatus(), "Failed") ? Job.FAILED : Job.RUNNING;
    }

    private static boolean is(@Nullable JobStatus status, String type) {
        return status != null
                && status.getConditions() != null
                && status.getConditions().stream()
                        .anyMatch(c -> type.equals(c.getType()) && "True".equals(c.getStatus()));
    }

    private boolean settled() {
        Deployment deployment = client.apps()
                .deployments()
                .inNamespace(names.namespace())
                .withName(names.tokenizer())
                .get();
        return deployment != null && PodObserver.settled(tokenizer, deployment);
    }
}
