package dev.lunasec.operator.rotation;

import dev.lunasec.contract.GoDuration;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the clocks differ on which the age of a retired share depends, as one pass measured it. A clock that has
 * jumped makes a share look old, so no share is retired or destroyed while the clocks disagree.
 *
 * @param apiServerAhead how far the clock of the API server is ahead of the operator's; negative if it is behind
 * @param storeAhead the same of the store; null if the store did not say its time
 */
public record Clocks(Duration apiServerAhead, @Nullable Duration storeAhead) {
    private static final Duration TOLERANCE = Duration.ofMinutes(1);

    /** The difference between any two of the clocks that is over a minute, as one sentence; empty if there is none. */
    public Optional<String> disagreement() {
        if (storeAhead == null)
            return Optional.of("The answers of the store do not say its time (the header Date), so the operator cannot"
                    + " compare the clocks; shares are not retired or destroyed.");
        boolean agree = isSmall(apiServerAhead) && isSmall(storeAhead) && isSmall(storeAhead.minus(apiServerAhead));
        if (agree) return Optional.empty();
        return Optional.of("The clock of the API server is " + against(apiServerAhead) + " and the clock of the store "
                + against(storeAhead) + " that of the operator; shares are not retired or destroyed until you set the"
                + " clocks.");
    }

    private static boolean isSmall(Duration difference) {
        return difference.abs().compareTo(TOLERANCE) <= 0;
    }

    /** In whole minutes, so that the message stays the same while the clocks run on. */
    private static String against(Duration ahead) {
        Duration rounded = Duration.ofMinutes(ahead.abs().plusSeconds(30).toMinutes());
        return GoDuration.format(rounded) + (ahead.isNegative() ? " behind" : " ahead of");
    }
}
