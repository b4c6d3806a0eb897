package dev.lunasec.client;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a grant is limited.
 *
 * @param duration empty for the vault's default
 * @param uses how often the value can be read; empty for any number of times
 */
public record GrantOptions(Direction direction, Optional<Duration> duration, OptionalInt uses) {
    /** For reading and handing in, for the vault's default duration, any number of times. */
    public static final GrantOptions DEFAULT = new GrantOptions(Direction.BOTH, Optional.empty(), OptionalInt.empty());

    /** What a grant is good for. */
    public enum Direction {
        /** To hand the token in. */
        STORE,
        /** To read the value. */
        READ,
        /** Both. */
        BOTH;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The same for another duration. */
    public GrantOptions lasting(Duration newDuration) {
        return new GrantOptions(direction, Optional.of(newDuration), uses);
    }

    /** The same for one direction. */
    public GrantOptions forDirection(Direction newDirection) {
        return new GrantOptions(newDirection, duration, uses);
    }

    /** The same for so many reads. */
    public GrantOptions times(int newUses) {
        return new GrantOptions(direction, duration, OptionalInt.of(newUses));
    }
}
