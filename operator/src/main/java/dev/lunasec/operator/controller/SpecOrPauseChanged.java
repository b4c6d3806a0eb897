package dev.lunasec.operator.controller;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.model.Annotations;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Objects;

/**
 * Lets an update start a pass if the spec, the deletion, a finalizer or the pause changed, and not if only the status
 * did.
 */
public final class SpecOrPauseChanged implements OnUpdateFilter<Tokenizer> {
    @Override
    public boolean accept(Tokenizer now, Tokenizer before) {
        ObjectMeta is = now.getMetadata();
        ObjectMeta was = before.getMetadata();
        return !Objects.equals(is.getGeneration(), was.getGeneration())
                || is.getDeletionTimestamp() != null
                || !Objects.equals(is.getFinalizers(), was.getFinalizers())
                || Annotations.isPaused(now) != Annotations.isPaused(before);
    }
}
