package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketClaim;
import dev.lunasec.operator.bucket.BucketDecision;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.StorageFailed;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Brings the buckets of all vaults to what their resources ask for: observe, plan, apply, and run the canary after each
 * change. Each call to a store ends within {@link S3Connection#CALL}.
 */
public final class BucketProvisioner implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BucketProvisioner.class);
    /** How many vaults have an open connection. */
    private static final int CONNECTIONS = 64;
    /**
     * How many vaults have a remembered check, which takes a few KiB. It has to be more than the vaults that are new at
     * the same time: a vault is bound only if the check of the pass before is remembered.
     */
    private static final int CHECKS = 10_000;

    private final Duration validity;
    private final Duration bindingDelay;
    private final BucketConnections connections;
    private final LinkedHashMap<String, BucketCheck> checks = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * A provisioner without connections.
     *
     * @param validity how long a bucket that was ready is not checked again: events come in bursts, and a check is some
     *     15 requests
     * @param bindingDelay how long the identity of a vault must be alone in a bucket before the vault is bound to it
     */
    public BucketProvisioner(Duration validity, Duration bindingDelay) {
        this(validity, bindingDelay, CONNECTIONS);
    }

    /** @param open how many connections stay open, at least 1 */
    BucketProvisioner(Duration validity, Duration bindingDelay, int open) {
        this.validity = validity;
        this.bindingDelay = bindingDelay;
        this.connections = new BucketConnections(open);
    }

    /**
     * Reconciles a bucket. Never throws: a failure becomes the status.
     *
     * @param tried when the operator wrote settings in vain, by their titles, from the status of the resource
     */
    public BucketStatus reconcile(BucketSpec spec, BucketClaim claim, Map<String, Instant> tried, Instant now) {
        BucketCheck check = check(spec, claim);
        check.addKnown(tried);
        return check.readyWithin(validity).orElseGet(() -> {
            BucketStatus status = reconcile(spec, claim, check, now);
            check.finished(status);
            return status;
        });
    }

    /** The records of a bucket, by share. */
    public RecordsOfShare records(BucketSpec spec, BucketClaim claim) {
        return new RecordsOfShare(connections, spec, claim);
    }

    /**
     * Proves that a bucket is the vault's and holds nothing of others, so that the operator may begin to delete it.
     *
     * @throws StorageFailed if that is not proven
     */
    public void requireDeletable(BucketSpec spec, BucketClaim claim) throws StorageFailed {
        try (BucketConnections.Lease lease = connections.lease(spec)) {
            new BucketDeletion(lease.connection().s3(), spec, claim).require();
        }
    }

    /**
     * Deletes a bucket that belongs to the vault, and everything in it, as far as that is possible in some seconds. The
     * keyring says that the deletion began.
     *
     * @return whether bucket and content are gone; if not, another call continues
     * @throws StorageFailed if the store cannot be asked, or the bucket may belong to someone else
     */
    public boolean delete(BucketSpec spec, BucketClaim claim) throws StorageFailed {
        try (BucketConnections.Lease lease = connections.lease(spec)) {
            return new BucketDeletion(lease.connection().s3(), spec, claim).run();
        }
    }

    /**
     * Whether the store answers that a bucket does not exist.
     *
     * @throws StorageFailed if the store gives no answer
     */
    public boolean isMissing(BucketSpec spec) throws StorageFailed {
        try (BucketConnections.Lease lease = connections.lease(spec)) {
            lease.connection()
                    .s3()
                    .listObjectsV2(list -> list.bucket(spec.bucket()).maxKeys(1));
            return false;
        } catch (S3Exception e) {
            if (S3Errors.isNoSuchBucket(e)) return true;
            throw new StorageFailed("The store answers " + S3Errors.code(e) + ".", e);
        } catch (SdkException e) {
            throw new StorageFailed("The store does not answer.", e);
        }
    }

    /**
     * Forgets a vault that no longer exists, and closes its connection.
     *
     * @param owner as in {@link BucketSpec}
     */
    public void forget(String owner) {
        connections.forget(owner);
        synchronized (checks) {
            checks.remove(owner);
        }
    }

    @Override
    public void close() {
        connections.close();
    }

    private BucketStatus reconcile(BucketSpec spec, BucketClaim claim, BucketCheck check, Instant now) {
        Optional<BucketStatus> elsewhere = BucketDecision.pinnedElsewhere(claim);
        if (elsewhere.isPresent()) return elsewhere.get();
        try (BucketConnections.Lease lease = connections.lease(spec)) {
            S3Connection connection = lease.connection();
            Supplier<BucketStatus> settings = new BucketSettings(spec, connection, check, now)::reconcile;
            return new BucketAccess(connection.s3(), spec)
                    .ensure(claim.isNew())
                    .or(() -> new BucketIdentity(connection.s3(), spec.bucket(), claim)
                            .ensure(settings, check, bindingDelay, now))
                    .orElseGet(() -> settings.get().noting(new RetentionRules(connection.s3(), spec).copies()));
        } catch (StorageFailed e) {
            return new BucketStatus(false, "TrustedCAInvalid", String.valueOf(e.getMessage()), List.of());
        } catch (S3Exception e) {
            log.debug("bucket {}: {} {}", spec.bucket(), e.statusCode(), S3Errors.code(e));
            return BucketStatus.of(
                    S3Errors.isDenied(e) ? StoreStatus.AccessDenied : StoreStatus.StoreFailed, List.of());
        } catch (SdkException e) {
            return BucketStatus.of(StoreStatus.StoreUnreachable, List.of());
        }
    }

    private BucketCheck check(BucketSpec spec, BucketClaim claim) {
        synchronized (checks) {
            BucketCheck check = checks.get(spec.owner());
            if (check == null || !check.isOf(spec, claim)) {
                check = new BucketCheck(spec, claim);
                checks.put(spec.owner(), check);
                if (checks.size() > CHECKS) checks.pollFirstEntry();
            }
            return check;
        }
    }
}
