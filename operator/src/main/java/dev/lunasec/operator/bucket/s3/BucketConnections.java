package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.StorageFailed;
import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A bounded cache of connections to stores, one for each vault. A connection leaves the cache when the vault is
 * forgotten, when its location, credentials or CA change, or when the cache is full and it is the least recently used.
 * It is closed as soon as it is neither in the cache nor leased, so a thread never loses a connection in the middle of
 * a call.
 */
final class BucketConnections implements AutoCloseable {
    private final int capacity;
    private final LinkedHashMap<String, Shared> byOwner = new LinkedHashMap<>(16, 0.75f, true);
    private boolean closed;

    /** @param capacity how many connections the cache holds, at least 1; leased ones can be open besides */
    BucketConnections(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Lends the connection of a vault; the caller closes the lease after its calls.
     *
     * @throws StorageFailed if the CA of the spec contains no certificate
     */
    Lease lease(BucketSpec spec) throws StorageFailed {
        Target target = Target.of(spec);
        List<Shared> removed = new ArrayList<>();
        Shared shared;
        synchronized (this) {
            shared = byOwner.get(spec.owner());
            if (shared == null || !shared.target.equals(target)) {
                shared = new Shared(target);
                if (closed) return new Lease(shared);
                Shared replaced = byOwner.put(spec.owner(), shared);
                if (replaced != null) removed.add(replaced);
                if (byOwner.size() > capacity) removed.add(removeLeastRecentlyUsed());
            }
            shared.users.incrementAndGet();
        }
        removed.forEach(Shared::release);
        return new Lease(shared);
    }

    /** Drops the connection of a vault that no longer exists. */
    void forget(String owner) {
        Shared removed;
        synchronized (this) {
            removed = byOwner.remove(owner);
        }
        if (removed != null) removed.release();
    }

    /** Empties the cache for good. Connections that are leased now or later are closed with their lease. */
    @Override
    public void close() {
        List<Shared> removed;
        synchronized (this) {
            closed = true;
            removed = List.copyOf(byOwner.values());
            byOwner.clear();
        }
        removed.forEach(Shared::release);
    }

    private Shared removeLeastRecentlyUsed() {
        return byOwner.pollFirstEntry().getValue();
    }

    /** The right to use a connection until the lease is closed. */
    static final class Lease implements AutoCloseable {
        private final Shared shared;
        private final AtomicBoolean released = new AtomicBoolean();

        private Lease(Shared shared) {
            this.shared = shared;
        }

        S3Connection connection() {
            return shared.connection;
        }

        @Override
        public void close() {
            if (!released.getAndSet(true)) shared.release();
        }
    }

    /** A connection and the number of its users: its leases, and the cache while it holds the connection. */
    private static final class Shared {
        final Target target;
        final S3Connection connection;
        final AtomicInteger users = new AtomicInteger(1);

        Shared(Target target) throws StorageFailed {
            this.target = target;
            try {
                this.connection = new S3Connection(target.location, target.keys, target.trustedCaPem);
            } catch (IllegalArgumentException e) {
                throw new StorageFailed(
                        "The trusted CA contains no readable certificate. Write certificates in PEM form.", e);
            }
        }

        void release() {
            if (users.decrementAndGet() == 0) connection.close();
        }
    }

    /** The part of a spec that a connection depends on. */
    private record Target(
            StoreLocation location,
            @Nullable AccessKeys keys,
            @Nullable String trustedCaPem) {
        static Target of(BucketSpec spec) {
            return new Target(spec.location(), spec.accessKeys(), spec.trustedCaPem());
        }
    }
}
