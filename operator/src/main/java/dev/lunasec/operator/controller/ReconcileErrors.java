package dev.lunasec.operator.controller;

import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.operator.bucket.StorageFailed;
import dev.lunasec.operator.model.NameTaken;
import dev.lunasec.operator.status.Verdict;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.AggregatedOperatorException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code Ready} says after a pass that failed. It never quotes the exception of a library, which may contain a
 * request with secrets.
 */
final class ReconcileErrors {
    private ReconcileErrors() {}

    /** The verdict; empty if the shutdown of the operator interrupted the pass, which says nothing about the vault. */
    static Optional<Verdict> verdict(Throwable failure) {
        if (causes(failure).anyMatch(RejectedExecutionException.class::isInstance)) return Optional.empty();
        String taken = causes(failure)
                .filter(NameTaken.class::isInstance)
                .map(cause -> String.valueOf(cause.getMessage()))
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "));
        if (!taken.isEmpty()) return Optional.of(Verdict.no("NameTaken", taken));
        return Optional.of(causes(failure)
                .flatMap(cause -> named(cause).stream())
                .findFirst()
                .orElseGet(() -> Verdict.no(
                        "ReconcileError", "The operator failed on this resource and retries; its log says why.")));
    }

    private static Optional<Verdict> named(Throwable cause) {
        if (cause instanceof InvalidSettings invalid) {
            return Optional.of(Verdict.no("SpecInvalid", String.valueOf(invalid.getMessage())));
        }
        if (cause instanceof StorageFailed failed) {
            return Optional.of(Verdict.no(
                    "DeletionWaits",
                    failed.getMessage() + " The operator retries the deletion of the bucket for about a minute."));
        }
        if (cause instanceof KubernetesClientException refused) {
            return Optional.of(Verdict.no(
                    "ApiServerRefused",
                    "The API server "
                            + (refused.getCode() > 0
                                    ? "answered a request of the operator with status " + refused.getCode()
                                    : "did not answer a request of the operator")
                            + "; the operator retries, and its log names the request."));
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
