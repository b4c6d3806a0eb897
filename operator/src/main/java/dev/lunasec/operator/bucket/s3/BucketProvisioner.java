package dev.lunasec.operator.bucket.s3;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.operator.bucket.BucketPlan;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketSpec.Provisioning;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.Setting;
import dev.lunasec.operator.bucket.SettingResult;
import dev.lunasec.operator.bucket.SettingState;
import dev.lunasec.operator.bucket.StorageFailed;
import dev.lunasec.s3.Canary;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Brings a bucket to what it should be, and says how it is: observe, plan, apply, and try it out after every change. Each call
 * to the store ends within {@link S3Connection#CALL}.
 */
public final class BucketProvisioner implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BucketProvisioner.class);
    /** One for each vault; the eldest goes when an operator has more of them. */
    private static final int CONNECTIONS = 64;

    private static final BucketStatus NOT_OWNED = new BucketStatus(
            false,
            "BucketNotOwned",
            "The bucket belongs to another account or vault, or is closed to this one; choose another storage.bucket.",
            List.of());
    private static final BucketStatus NOT_EMPTY = new BucketStatus(
            false,
            "BucketNotOwned",
            "The bucket holds objects that are not of a vault; set storage.provisioning to Adopt if it is to be this vault's all the same.",
            List.of());
    private static final BucketStatus VERSIONED = new BucketStatus(
            false,
            "VersioningEnabled",
            "The bucket keeps old versions, so what is erased would live on; suspend its versioning, or choose another bucket.",
            List.of());

    private static final BucketStatus CA_INVALID = new BucketStatus(
            false,
            "TrustedCAInvalid",
            "The trusted CA holds no certificate that can be read; write certificates in PEM form.",
            List.of());

    private final Duration believed;
    private final Map<BucketSpec, Known> buckets = new LinkedHashMap<>();

    /**
     * Knows nothing yet.
     *
     * @param believed how long a bucket that was right is taken for right: events come in bursts, and each look is some fifteen
     *     requests
     */
    public BucketProvisioner(Duration believed) {
        this.believed = believed;
    }

    /** The same for a bucket of which nothing is known. */
    public BucketStatus reconcile(BucketSpec spec) {
        return reconcile(spec, Set.of());
    }

    /**
     * Never throws: what goes wrong is the status.
     *
     * @param unsupported titles of settings that an operator before this one has seen the store not to bear
     */
    public BucketStatus reconcile(BucketSpec spec, Set<String> unsupported) {
        Known known;
        try {
            known = known(spec);
        } catch (IllegalArgumentException e) {
            return CA_INVALID;
        }
        for (Setting setting : Setting.values()) {
            if (unsupported.contains(setting.title())) known.unsupported.add(setting);
        }
        BucketStatus last = known.last;
        if (last != null && last.ready() && System.nanoTime() - known.seenAt < believed.toNanos()) return last;
        BucketStatus now = look(spec, known);
        known.seen(now);
        return now;
    }

    private BucketStatus look(BucketSpec spec, Known known) {
        try {
            Optional<BucketStatus> refused = provide(spec, known.connection);
            return refused.isPresent() ? refused.get() : settle(spec, known);
        } catch (S3Exception e) {
            log.debug("bucket {}: {} {}", spec.bucket(), e.statusCode(), S3Settings.code(e));
            return BucketStatus.of(StoreStatus.StoreFailed, List.of());
        } catch (SdkException e) {
            return BucketStatus.of(StoreStatus.StoreUnreachable, List.of());
        }
    }

    /**
     * Whether the bucket holds a record: whether there is something that only its keyring opens.
     *
     * @throws StorageFailed when that can't be found out, a missing bucket excepted: it holds none
     */
    public boolean hasRecords(BucketSpec spec) throws StorageFailed {
        try {
            return !known(spec)
                    .connection
                    .s3()
                    .listObjectsV2(list -> list.bucket(spec.bucket())
                            .prefix(BucketLayout.RECORDS)
                            .maxKeys(1))
                    .contents()
                    .isEmpty();
        } catch (S3Exception e) {
            if (S3Settings.code(e).equals("NoSuchBucket")) return false;
            throw new StorageFailed("The records of the bucket can't be listed: " + S3Settings.code(e) + ".", e);
        } catch (SdkException | IllegalArgumentException e) {
            throw new StorageFailed("The records of the bucket can't be listed: the store gives no answer.", e);
        }
    }

    /** The records of a bucket that was seen to be ready. */
    public RecordsOfShare records(BucketSpec spec) {
        return new RecordsOfShare(known(spec).connection.s3(), spec.bucket());
    }

    /**
     * Deletes what the bucket holds and then the bucket, as far as that goes in some seconds; only one that is surely this vault's.
     *
     * @return whether all of it is gone; if not, the next call goes on
     * @throws StorageFailed when the store can't be asked, or the bucket may be another's
     */
    public boolean delete(BucketSpec spec) throws StorageFailed {
        if (spec.provisioning() == Provisioning.VERIFY) {
            throw new StorageFailed(
                    "With storage.provisioning Verify the bucket is not this vault's to delete; delete it where it was made, or set Adopt.");
        }
        try {
            S3Connection connection = known(spec).connection;
            refuseUnlessOurs(spec, connection);
            return new BucketDeletion(connection.s3(), spec.bucket()).run();
        } catch (S3Exception e) {
            if (S3Settings.code(e).equals("NoSuchBucket")) return true;
            throw new StorageFailed("The store answers " + S3Settings.code(e) + ".", e);
        } catch (SdkException | IllegalArgumentException e) {
            throw new StorageFailed("The store gives no answer.", e);
        }
    }

    /** What can't be told apart from a bucket of others is one. */
    private static void refuseUnlessOurs(BucketSpec spec, S3Connection connection) throws StorageFailed {
        switch (new S3Settings(connection.s3(), spec).look(Setting.OWNER_TAG)) {
            case RIGHT -> {}
            case WRONG ->
                throw new StorageFailed("The bucket is not tagged as this vault's, so it may be another's; tag it with "
                        + S3Settings.OWNER + "=" + spec.owner() + " if it is to be deleted.");
            case HIDDEN ->
                throw new StorageFailed("The tags of the bucket may not be read, so nobody can tell whose it is; allow"
                        + " s3:GetBucketTagging if it is to be deleted.");
            case UNKNOWN_TO_STORE -> {
                if (holdsForeignObjects(spec, connection)) {
                    throw new StorageFailed(
                            "The store knows no tags, and the bucket holds objects that are not of a vault; take those away"
                                    + " if it is to be deleted.");
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        buckets.values().forEach(known -> known.connection.close());
        buckets.clear();
    }

    /** Answers nothing when the bucket is there and may be used. */
    private static Optional<BucketStatus> provide(BucketSpec spec, S3Connection connection) {
        // A listing, because the answer to a HEAD has no body that would tell why it was refused.
        try {
            connection.s3().listObjectsV2(list -> list.bucket(spec.bucket()).maxKeys(1));
        } catch (S3Exception e) {
            if (!S3Settings.code(e).equals("NoSuchBucket")) return Optional.of(whyClosed(e));
            if (spec.provisioning() != Provisioning.CREATE)
                return Optional.of(BucketStatus.of(StoreStatus.BucketMissing, List.of()));
            try {
                connection.s3().createBucket(create -> create.bucket(spec.bucket()));
                log.info("bucket {} created", spec.bucket());
            } catch (S3Exception refused) {
                return Optional.of(whyClosed(refused));
            }
        }
        String owner = new S3Settings(connection.s3(), spec).taggedOwner();
        if (!owner.isEmpty() && !owner.equals(spec.owner())) return Optional.of(NOT_OWNED);
        boolean taken =
                owner.isEmpty() && spec.provisioning() == Provisioning.CREATE && holdsForeignObjects(spec, connection);
        if (taken) return Optional.of(NOT_EMPTY);
        return isVersioned(spec, connection) ? Optional.of(VERSIONED) : Optional.empty();
    }

    /** Whether somebody else uses a bucket that bears no name: not every store knows tags, so what is in it has to tell. */
    private static boolean holdsForeignObjects(BucketSpec spec, S3Connection connection) {
        ListObjectsV2Response top =
                connection.s3().listObjectsV2(list -> list.bucket(spec.bucket()).delimiter("/"));
        return !top.contents().isEmpty()
                || top.commonPrefixes().stream().anyMatch(prefix -> !BucketLayout.FOLDERS.contains(prefix.prefix()));
    }

    private static boolean isVersioned(BucketSpec spec, S3Connection connection) {
        try {
            return connection
                            .s3()
                            .getBucketVersioning(get -> get.bucket(spec.bucket()))
                            .status()
                    == BucketVersioningStatus.ENABLED;
        } catch (S3Exception e) {
            return false; // a store that can't say has none, or hides it
        }
    }

    private static BucketStatus whyClosed(S3Exception e) {
        return switch (S3Settings.code(e)) {
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken" ->
                BucketStatus.of(StoreStatus.CredentialsRejected, List.of());
            case "AccessDenied", "BucketAlreadyExists", "AllAccessDisabled" -> NOT_OWNED;
            case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException" ->
                BucketStatus.of(StoreStatus.WrongRegion, List.of());
            case "NoSuchBucket" -> BucketStatus.of(StoreStatus.BucketMissing, List.of());
            default -> throw e;
        };
    }

    private static BucketStatus settle(BucketSpec spec, Known known) {
        Canary canary = new Canary(known.connection);
        S3Settings settings = new S3Settings(known.connection.s3(), spec);
        StoreStatus finding = canary.check().status();
        boolean mayBeAllowed = finding == StoreStatus.SSECBlocked && spec.provisioning() != Provisioning.VERIFY;
        if (finding != StoreStatus.Ready && !mayBeAllowed) return BucketStatus.of(finding, List.of());

        Map<Setting, SettingState> seen = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            if (spec.wants(setting)) seen.put(setting, settings.look(setting));
        }
        seen.put(Setting.SSEC_ALLOWED, mayBeAllowed ? SettingState.WRONG : SettingState.RIGHT);
        BucketPlan plan = BucketPlan.of(spec.provisioning(), seen, known.unsupported);
        Map<Setting, SettingResult> results = new EnumMap<>(Setting.class);
        results.putAll(plan.settled());
        for (Setting setting : plan.apply()) results.put(setting, apply(setting, known, settings, canary));
        if (!plan.apply().isEmpty()) finding = canary.check().status();
        return BucketStatus.of(finding, new ArrayList<>(results.values()));
    }

    private static SettingResult apply(Setting setting, Known known, S3Settings settings, Canary canary) {
        StoreStatus before = canary.check().status();
        try {
            settings.apply(setting);
        } catch (S3Exception e) {
            if (e.statusCode() == 403) return BucketPlan.denied(setting);
            if (S3Settings.isUnsupported(e)) return BucketPlan.unsupported(setting);
            throw e;
        }
        if (before == StoreStatus.Ready && canary.check().status() != StoreStatus.Ready) {
            settings.takeBack(setting);
            known.unsupported.add(setting);
            log.warn("bucket {}: {} stops the store from working and was taken back", known.bucket(), setting.title());
            return BucketPlan.unsupported(setting);
        }
        log.info("bucket {}: {} applied", known.bucket(), setting.title());
        return BucketPlan.applied(setting);
    }

    private synchronized Known known(BucketSpec spec) {
        Known known = buckets.remove(spec);
        if (known == null) known = new Known(new S3Connection(spec.location(), spec.accessKeys(), spec.trustedCaPem()));
        buckets.put(spec, known); // the last used is the youngest
        while (buckets.size() > CONNECTIONS) {
            BucketSpec eldest = buckets.keySet().iterator().next();
            Known unused = buckets.remove(eldest);
            if (unused != null) unused.connection.close();
        }
        return known;
    }

    /** What an operator knows of a bucket until it ends; all of it can be found out again. */
    private static final class Known {
        final S3Connection connection;
        /** Settings that this store was seen not to bear. */
        final Set<Setting> unsupported = ConcurrentHashMap.newKeySet();

        volatile @Nullable BucketStatus last;
        volatile long seenAt;

        Known(S3Connection connection) {
            this.connection = connection;
        }

        void seen(BucketStatus now) {
            seenAt = System.nanoTime();
            last = now;
        }

        String bucket() {
            return connection.location().bucket();
        }
    }
}
