package dev.lunasec.operator.observe;

import dev.lunasec.api.v1alpha1.KeysSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.GoDuration;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.contract.VaultId;
import dev.lunasec.operator.bucket.s3.RecordsOfShare;
import dev.lunasec.operator.dependent.KeyringSecrets;
import dev.lunasec.operator.dependent.RetiredShares;
import dev.lunasec.operator.keyring.KeyringIndex;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultDefaults;
import dev.lunasec.operator.rotation.Clocks;
import dev.lunasec.operator.rotation.JobState;
import dev.lunasec.operator.rotation.RotationPolicy;
import dev.lunasec.operator.rotation.RotationState;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
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
 * Observes everything that a rotation is decided from. It reads the API server and the store and no cache, because a
 * pod or a worker that a cache does not show yet could still write.
 */
public final class RotationObserver {
    private static final KeyringAnnouncement NO_SHARE = new KeyringAnnouncement(0, List.of());

    private final Tokenizer tokenizer;
    private final Names names;
    private final VaultDefaults defaults;
    private final KubernetesClient client;

    RotationObserver(Tokenizer tokenizer, VaultDefaults defaults, KubernetesClient client) {
        this.tokenizer = tokenizer;
        this.names = Names.of(tokenizer);
        this.defaults = defaults;
        this.client = client;
    }

    /**
     * Observes.
     *
     * @param vault the id of the vault
     * @param records lists the bucket when it is asked, which is after the Jobs and the workers were read
     * @param bucketListed whether the bucket was listed
     * @param now the time of the API server
     * @param ahead how far the clock of the API server is ahead of the operator's
     * @param clock the operator's own
     * @throws KeyringIndex.Unreadable if the Secret of retired shares is not valid or not this vault's
     */
    RotationState observe(
            KeyringIndex keyring,
            VaultId vault,
            RecordsOfShare records,
            boolean bucketListed,
            Instant now,
            Duration ahead,
            Clock clock)
            throws KeyringIndex.Unreadable {
        RotationPolicy policy = policy();
        RetiredShares secret = new KeyringSecrets(names, client).retired(vault);
        Map<Integer, Instant> retired = KeyringIndex.retired(secret.data());
        Set<Integer> shares = new HashSet<>(keyring.older());
        shares.addAll(retired.keySet());
        boolean resting =
                shares.isEmpty() && keyring.newest() == keyring.primary() && !policy.asksForNewShare(keyring, now);
        List<Pod> pods = resting ? List.of() : PodObserver.running(names, client);
        MaintenanceJobs jobs =
                new MaintenanceJobs(tokenizer, defaults.tokenizerImage(), keyring.announcement(), client);
        Map<Integer, JobState> rewrapJobs = new HashMap<>();
        Map<Integer, JobState> sweepJobs = new HashMap<>();
        for (int share : shares) {
            rewrapJobs.put(share, jobs.rewrap(share, workerRuns(pods, share)));
            sweepJobs.put(share, jobs.sweep(share));
        }
        Set<Integer> listed = new HashSet<>(shares);
        // The start markers of a new share have to be there before the share becomes the primary one.
        if (keyring.newest() != keyring.primary()) listed.add(keyring.newest());
        RecordsOfShare.Listing listing = records.between(listed);
        return new RotationState(
                policy,
                keyring,
                retired,
                secret.version(),
                bucketListed,
                listing.proven(),
                announcements(pods),
                resting || rolledOut(),
                rewrapJobs,
                sweepJobs,
                listing.left(),
                listing.quarantined(),
                PodProblems.failures(pods.stream().filter(this::isWorker).toList()),
                now,
                new Clocks(ahead, resting ? null : storeAhead(records, clock)));
    }

    private static @Nullable Duration storeAhead(RecordsOfShare records, Clock clock) {
        return records.time()
                .map(time -> Duration.between(clock.instant(), time))
                .orElse(null);
    }

    private RotationPolicy policy() {
        KeysSpec keys = tokenizer.getSpec().keys();
        return new RotationPolicy(
                keys.rotation(),
                keys.maximumAge() == null ? null : duration("maximumAge", keys.maximumAge()),
                duration("gracePeriod", keys.gracePeriod()),
                defaults.minimumGracePeriod(),
                Set.copyOf(keys.compromised()),
                Set.copyOf(keys.keep()),
                Set.copyOf(keys.giveUp()));
    }

    private static Duration duration(String field, String text) {
        return GoDuration.parse(text)
                .orElseThrow(
                        () -> new InvalidSettings("spec.keys." + field + " is not a duration; write one like 168h."));
    }

    /** A pod without an announcement counts as one that has no share. */
    private List<KeyringAnnouncement> announcements(List<Pod> pods) {
        List<KeyringAnnouncement> announcements = new ArrayList<>();
        for (Pod pod : pods) {
            if (!names.owns(pod, Names.Component.TOKENIZER)) continue;
            announcements.add(Optional.ofNullable(Annotations.of(pod, Annotations.KEYRING))
                    .flatMap(KeyringAnnouncement::parse)
                    .orElse(NO_SHARE));
        }
        return announcements;
    }

    private boolean isWorker(Pod pod) {
        return names.owns(pod, Names.Component.REWRAP) || names.owns(pod, Names.Component.SWEEP);
    }

    private boolean workerRuns(List<Pod> pods, int share) {
        return pods.stream()
                .filter(pod -> names.owns(pod, Names.Component.REWRAP))
                .anyMatch(pod -> Integer.toString(share)
                        .equals(pod.getMetadata().getLabels().get(Annotations.SHARE)));
    }

    private boolean rolledOut() {
        Deployment deployment = client.apps()
                .deployments()
                .inNamespace(names.namespace())
                .withName(names.tokenizer())
                .get();
        return deployment != null && RolloutObserver.isComplete(tokenizer, deployment);
    }
}
