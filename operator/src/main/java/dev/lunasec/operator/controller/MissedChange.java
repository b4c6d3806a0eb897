package dev.lunasec.operator.controller;

import dev.lunasec.api.v1alpha1.Tokenizer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;

/** A change of a vault that the watch has not sent: a watch whose connection is dead stays silent for up to ten minutes. */
final class MissedChange {
    private MissedChange() {}

    /**
     * Reads the resource from the API server and, if its spec, deletion or pause differs, puts it into the cache for the next pass.
     *
     * @param cached the resource as this pass has it
     * @return whether it differs
     */
    static boolean isThere(Tokenizer cached, Context<Tokenizer> context) {
        Tokenizer current = context.getClient().resource(cached).get();
        if (current == null || !new SpecOrPauseChanged().accept(current, cached)) return false;
        context.eventSourceRetriever()
                .getControllerEventSource()
                .handleRecentResourceUpdate(ResourceID.fromResource(cached), current, cached);
        return true;
    }
}
