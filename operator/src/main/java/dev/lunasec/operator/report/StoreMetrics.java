package dev.lunasec.operator.report;

import dev.lunasec.s3.S3Connection;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What the operator tells about its requests to the stores of all vaults. */
public final class StoreMetrics {
    private StoreMetrics() {}

    /** Registers the gauges, which have no labels. */
    public static void register(MeterRegistry registry) {
        Gauge.builder("tokenizer.operator.store.answers.active", S3Connection::activeLargeAnswers)
                .description("large answers of stores that the operator reads now")
                .register(registry);
        Gauge.builder("tokenizer.operator.store.answers.limit", () -> S3Connection.LARGE_ANSWERS)
                .description("the most large answers of stores that the operator reads at the same time")
                .register(registry);
    }
}
