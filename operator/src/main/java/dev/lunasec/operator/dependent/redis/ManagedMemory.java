package dev.lunasec.operator.dependent.redis;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How the managed Redis uses its memory.
 *
 * @param limit of the container, in MiB, from 128 to 65,536
 */
record ManagedMemory(int limit) {
    /** In MiB: what Redis takes without data. */
    private static final int BASE = 32;

    private static final BigDecimal MIB = BigDecimal.valueOf(1 << 20);

    /** @param limit from 128Mi to 64Gi; a part of a MiB is not used */
    static ManagedMemory of(Quantity limit) {
        return new ManagedMemory(
                limit.getNumericalAmount().divide(MIB, 0, RoundingMode.DOWN).intValueExact());
    }

    /**
     * In MiB: at this size of its data, Redis refuses grants and evicts nothing. The limit has room for the data, for
     * as much again for the pages that Redis copies while it rewrites its log, and for as much again for fragmentation
     * and for the buffers of connections, which do not count as data.
     */
    int maxmemory() {
        return (limit - BASE) / 3;
    }

    /**
     * In MiB: what a full Redis takes while it rewrites nothing. If a node runs short of memory, it evicts pods first
     * that take more than they requested, so a full Redis must not be one of them.
     */
    int request() {
        return maxmemory() + BASE;
    }
}
