package dev.lunasec.tokenizer.ops;

import dev.lunasec.runtime.ManagementServer.Readiness;
import java.util.function.Supplier;

/** Answers the readiness probe: ready while callers are served and every dependency works. */
public final class ReadinessAnswer implements Supplier<Readiness> {
    private final Supplier<Health> health;
    private volatile boolean serving;

    /** @param health answers at once, from what the last check saw */
    public ReadinessAnswer(Supplier<Health> health) {
        this.health = health;
    }

    /** Says whether callers are served; before the first call they are not. */
    public void serving(boolean now) {
        serving = now;
    }

    @Override
    public Readiness get() {
        Health now = health.get();
        boolean served = serving;
        return new Readiness(now.ready() && served, now.json(served).toString());
    }
}
