package dev.lunasec.tokenizer.grant;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * The permission of one session to use one record.
 *
 * @param direction what it permits
 * @param duration from now on, at least a millisecond
 * @param uses how often it can be read, at least once; empty for any number of times
 */
public record Grant(Direction direction, Duration duration, OptionalInt uses) {

    /** What a grant permits. */
    public enum Direction {
        /** To hand the token in: {@code /grant/verify} says yes. */
        STORE,
        /** To read the value and its metadata. */
        READ,
        /** Both. */
        BOTH;

        boolean reads() {
            return this != STORE;
        }
    }
}
