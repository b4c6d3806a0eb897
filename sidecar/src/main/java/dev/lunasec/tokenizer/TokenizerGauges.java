package dev.lunasec.tokenizer;

import dev.lunasec.s3.S3Connection;
import dev.lunasec.tokenizer.ops.SelfCheck;
import dev.lunasec.tokenizer.store.BucketIdentity;
import dev.lunasec.tokenizer.vault.Limits;
import dev.lunasec.tokenizer.vault.RecordCopies;
import dev.lunasec.tokenizer.vault.Vault;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import java.util.Locale;

/**
 * The gauges of a tokenizer about its store, Redis, erasures and copies of values. Alerts on them come before a bound
 * is met. Beside them are the counters of the copies of records, and what the JVM tells about its memory.
 */
record TokenizerGauges(
        S3Connection store, BucketIdentity identity, SelfCheck selfCheck, Vault vault, RecordCopies copies) {
    void register(MeterRegistry metrics) {
        new JvmMemoryMetrics().bindTo(metrics);
        bindGarbageCollection(metrics);
        Gauge.builder("tokenizer.bucket.wrong", identity, seen -> seen.isWrong() ? 1 : 0)
                .description("1 while the bucket is not this vault's and nothing is written into it, otherwise 0")
                .register(metrics);
        Gauge.builder("tokenizer.redis.memory.ratio", selfCheck, SelfCheck::redisMemory)
                .description("memory that Redis, or the fullest primary of a Redis Cluster, uses of its maxmemory;"
                        + " at 1 it is full")
                .register(metrics);
        Gauge.builder("tokenizer.store.requests.active", store, S3Connection::activeRequests)
                .description("requests to the store that wait for a connection or for an answer")
                .register(metrics);
        Gauge.builder("tokenizer.store.requests.limit", () -> S3Connection.CONNECTIONS)
                .description("the most connections to the store; further requests wait")
                .register(metrics);
        Gauge.builder("tokenizer.erasures.active", vault, Vault::activeErasures)
                .description("tokens that are being erased")
                .register(metrics);
        Gauge.builder("tokenizer.erasures.limit", () -> Limits.ERASURES)
                .description("the most tokens that are erased at the same time; further erasures wait up to 4 s")
                .register(metrics);
        Gauge.builder("tokenizer.rekey.copies.active", vault, Vault::activeCopies)
                .description("values that the store is copying for rekeys")
                .register(metrics);
        Gauge.builder("tokenizer.rekey.copies.limit", () -> Limits.COPIES)
                .description("the most values that are copied at the same time")
                .register(metrics);
        for (RecordCopies.Result result : RecordCopies.Result.values()) {
            FunctionCounter.builder("tokenizer.record.copies", copies, counted -> counted.count(result))
                    .description("copies of sealed records in Redis, by what became of them")
                    .tag("result", result.name().toLowerCase(Locale.ROOT))
                    .register(metrics);
        }
    }

    @SuppressWarnings("resource") // as long as the process
    private static void bindGarbageCollection(MeterRegistry metrics) {
        new JvmGcMetrics().bindTo(metrics);
    }
}
