package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.s3.S3Connection;
import java.util.LinkedHashMap;
import java.util.Map;

/** A bounded cache of connections to stores, one for each bucket. It closes the least recently used one when it is full. */
final class BucketConnections implements AutoCloseable {
    private final int capacity;
    private final Map<BucketSpec, S3Connection> connections = new LinkedHashMap<>(16, 0.75f, true);

    /** @param capacity how many connections stay open */
    BucketConnections(int capacity) {
        this.capacity = capacity;
    }

    /** @throws IllegalArgumentException if the CA of the spec holds no certificate */
    synchronized S3Connection get(BucketSpec spec) {
        S3Connection connection = connections.get(spec);
        if (connection != null) return connection;
        connection = new S3Connection(spec.location(), spec.accessKeys(), spec.trustedCaPem());
        connections.put(spec, connection);
        if (connections.size() > capacity) {
            BucketSpec eldest = connections.keySet().iterator().next();
            S3Connection unused = connections.remove(eldest);
            if (unused != null) unused.close();
        }
        return connection;
    }

    @Override
    public synchronized void close() {
        connections.values().forEach(S3Connection::close);
        connections.clear();
    }
}
