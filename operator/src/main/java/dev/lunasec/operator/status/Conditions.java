package dev.lunasec.operator.status;

import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.rotation.Step;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides what each condition of the status says. */
public final class Conditions {
    public static final String STORAGE_READY = "StorageReady";
    public static final String GRANTS_READY = "GrantsReady";
    public static final String KEYS_READY = "KeysReady";
    public static final String AVAILABLE = "Available";
    public static final String ROTATING = "Rotating";
    public static final String LINKS_ENCRYPTED = "LinksEncrypted";
    public static final String CALLERS_AUTHENTICATED = "CallersAuthenticated";
    public static final String READY = "Ready";

    private Conditions() {}

    /**
     * All conditions by type, in the order in which they are shown.
     *
     * @param storage the verdict on the bucket
     * @param grants the verdict on Redis
     * @param tls whether the certificate that the pods serve with exists
     * @param rotation the step that the rotation is at; null while the keyring must not be changed
     * @param pods the tokenizer pods
     * @param links which connections are encrypted; this informs, and a vault is ready without it
     * @param callers whether every caller has credentials; this informs too
     */
    public static Map<String, Verdict> of(
            Verdict storage,
            Verdict grants,
            Verdict tls,
            KeyringState keyring,
            @Nullable Step rotation,
            PodSummary pods,
            Links links,
            Verdict callers) {
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        verdicts.put(STORAGE_READY, storage);
        verdicts.put(GRANTS_READY, grants);
        verdicts.put(KEYS_READY, keys(keyring));
        verdicts.put(AVAILABLE, available(tls, pods));
        Verdict rotating = rotating(rotation);
        verdicts.put(READY, ready(verdicts, pods, rotating.holds()));
        verdicts.put(ROTATING, rotating);
        verdicts.put(LINKS_ENCRYPTED, links.verdict());
        verdicts.put(CALLERS_AUTHENTICATED, callers);
        return verdicts;
    }

    /** The verdict on the managed Redis. */
    public static Verdict managedRedis(PodSummary redis) {
        return redis.enough()
                ? Verdict.yes("RedisReady", "The managed Redis is ready.")
                : Verdict.no("RedisStarting", "The managed Redis is not ready yet: " + redis.problem());
    }

    /**
     * The verdict on callers without credentials.
     *
     * @param simpleApi whether the Simple API is on
     * @param networkPolicy whether the operator limits which pods can connect
     */
    public static Verdict callers(boolean simpleApi, boolean networkPolicy) {
        if (!simpleApi) return Verdict.yes("AllAuthenticated", "Every caller who stores or reads needs credentials.");
        String who = networkPolicy
                ? "whoever the NetworkPolicy lets connect to the pods"
                : "whoever can connect to the pods, which no NetworkPolicy of the operator limits,";
        return Verdict.no(
                "SimpleApiEnabled",
                "Without credentials, " + who + " can store values and read those of tokens of the Simple API; set"
                        + " spec.auth.simpleApi to Disabled when no client needs it any more.");
    }

    static Verdict keys(KeyringState keyring) {
        if (keyring instanceof KeyringState.Present present) {
            return present.beingDeleted()
                    ? Verdict.no(
                            "KeyringBeingDeleted",
                            "Someone deleted the keyring Secret, and only its finalizer keeps it;"
                                    + " save a copy of the Secret, remove the finalizer,"
                                    + " and create the Secret again from the copy.")
                    : Verdict.yes(
                            "KeyringLoaded",
                            "New records use share " + present.keyring().primary() + ".");
        }
        if (keyring instanceof KeyringState.Unreadable unreadable) {
            return Verdict.no(
                    "KeyringUnreadable",
                    unreadable.problem()
                            + " Restore the keyring Secret from its backup; the operator never replaces it.");
        }
        if (keyring instanceof KeyringState.RetiredUnusable unusable)
            return Verdict.no("RetiredSharesUnusable", unusable.problem());
        if (keyring instanceof KeyringState.Outdated outdated) {
            return Verdict.no(
                    "KeyringOutdated",
                    "The bucket holds records of share " + outdated.share() + ", which the Secret " + outdated.secret()
                            + " lacks; restore the Secret from a backup that was made after the last rotation.");
        }
        if (keyring instanceof KeyringState.Lost lost) {
            return Verdict.no(
                    "KeyringLost",
                    "The bucket holds records, but the Secret " + lost.secret()
                            + " with their keys does not exist;"
                            + " restore it from its backup, because a new keyring cannot open them;"
                            + " if the bucket is another vault's, create the Tokenizer with another storage.bucket.");
        }
        if (keyring instanceof KeyringState.NotCreated) {
            return Verdict.unknown("KeyringPending", "The operator creates the keyring.");
        }
        return Verdict.unknown(
                "StorageUnknown",
                "There is no keyring yet; the operator creates one when the store has said that the bucket holds"
                        + " no records: see StorageReady.");
    }

    static Verdict available(Verdict tls, PodSummary pods) {
        if (!tls.holds()) return tls;
        if (pods.enough() && pods.rolledOut()) {
            return Verdict.yes("PodsServe", "All " + pods.wanted() + " pods serve.");
        }
        if (pods.enough()) {
            return Verdict.yes("RollingOut", "Pods serve while a rollout replaces them: " + pods.problem());
        }
        if (!pods.failures().isEmpty()) return Verdict.no("StartFailed", pods.problem());
        if (pods.wanted() == 0 && pods.rolledOut()) {
            return Verdict.no("NoReplicas", "The resource asks for no pods; set spec.replicas to 1 or more.");
        }
        return Verdict.no("PodsNotReady", pods.problem());
    }

    /** True from the first step of a rotation to the last step that is about records. */
    static Verdict rotating(@Nullable Step step) {
        if (step == null)
            return Verdict.no("NotRotating", "The operator does not change the keyring now; see KeysReady.");
        return switch (step.phase()) {
            case IDLE, DESTROY, KEPT -> Verdict.no(step.phase().reason(), step.message());
            default -> Verdict.yes(step.phase().reason(), step.message());
        };
    }

    /**
     * True if all other conditions are true; else the first one that is not gives the reason. A rollout makes it false
     * too, but not the rollout of a rotation.
     */
    private static Verdict ready(Map<String, Verdict> others, PodSummary pods, boolean rotating) {
        for (Map.Entry<String, Verdict> other : others.entrySet()) {
            Verdict verdict = other.getValue();
            if (!verdict.holds()) return Verdict.no(verdict.reason(), verdict.message());
        }
        if (!pods.rolledOut() && !rotating)
            return Verdict.no("RollingOut", "Pods serve while a rollout replaces them: " + pods.problem());
        return Verdict.yes("AllReady", "The vault serves.");
    }
}
