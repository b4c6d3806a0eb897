package dev.lunasec.operator.controller;

import dev.lunasec.api.v1alpha1.Tokenizer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Optional;

/**
 * A change of a vault that the watch has not sent: a watch whose connection is dead stays silent for up to ten minutes.
 */
final class MissedChange {
    private MissedChange() {}

    /**
     * Reads the resource from the API server.
     *
     * @param cached the resource as this pass has it
     * @return empty if it is gone, also if another resource has its name by now
     */
    static Optional<Tokenizer> current(Tokenizer cached, Context<Tokenizer> context) {
        return Optional.ofNullable(context.getClient().resource(cached).get())
                .filter(current -> current.getMetadata()
                        .getUid()
                        .equals(cached.getMetadata().getUid()));
    }

    /**
     * Puts the current resource into the cache for the next pass if its spec, deletion or pause differs from the cached
     * one.
     *
     * @return whether it differs
     */
    static boolean isThere(Tokenizer cached, Tokenizer current, Context<Tokenizer> context) {
        if (!new SpecOrPauseChanged().accept(current, cached)) return false;
        context.eventSourceRetriever()
                .getControllerEventSource()
                .handleRecentResourceUpdate(ResourceID.fromResource(cached), current, cached);
        return true;
    }
}
