package dev.lunasec.operator.controller;

import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.operator.bucket.StorageFailed;
import dev.lunasec.operator.status.Verdict;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.AggregatedOperatorException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a pass that failed says in {@code Ready}; never the text of an exception of a library, which may quote what it sent. */
final class ReconcileErrors {
    private ReconcileErrors() {}

    /** Empty when the pass was cut off by the end of this process: that says nothing about the vault. */
    static Optional<Verdict> verdict(Throwable failure) {
        if (causes(failure).anyMatch(RejectedExecutionException.class::isInstance)) return Optional.empty();
        return Optional.of(causes(failure)
                .flatMap(cause -> named(cause).stream())
                .findFirst()
                .orElseGet(() -> Verdict.no(
                        "ReconcileError", "The operator failed on this resource and tries again; its log says why.")));
    }

    private static Optional<Verdict> named(Throwable cause) {
        if (cause instanceof InvalidSettings invalid) {
            return Optional.of(Verdict.no("SpecInvalid", String.valueOf(invalid.getMessage())));
        }
        if (cause instanceof StorageFailed failed) {
            return Optional.of(Verdict.no(
                    "DeletionWaits",
                    failed.getMessage() + " The deletion of the bucket is tried again for about a minute."));
        }
        if (cause instanceof KubernetesClientException refused) {
            return Optional.of(Verdict.no(
                    "ApiServerRefused",
                    "The API server "
                            + (refused.getCode() > 0
                                    ? "answered " + refused.getCode()
                                    : "gave no answer that can be used")
                            + " to the operator, which tries again; its log says to which request."));
        }
        return Optional.empty();
    }

    private static Stream<Throwable> causes(@Nullable Throwable failure) {
        if (failure == null) return Stream.empty();
        Stream<Throwable> inside = failure instanceof AggregatedOperatorException several
                ? several.getAggregatedExceptions().values().stream().flatMap(ReconcileErrors::causes)
                : Stream.empty();
        return Stream.concat(Stream.of(failure), Stream.concat(inside, causes(failure.getCause())));
    }
}
