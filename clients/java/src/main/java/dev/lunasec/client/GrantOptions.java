package dev.lunasec.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The limits of a grant.
 *
 * @param duration over zero and at most the vault's maximum, in whole milliseconds; empty for the vault's default
 * @param uses how often the session can read the value, 1 or more; empty for no limit
 */
public record GrantOptions(Direction direction, Optional<Duration> duration, OptionalInt uses) {
    /** Both directions, the vault's default duration, and no limit of uses. */
    public static final GrantOptions DEFAULT = new GrantOptions(Direction.BOTH, Optional.empty(), OptionalInt.empty());

    /** What a grant allows. */
    public enum Direction {
        /** The application may accept the token from this session. */
        STORE,
        /** The session may read the value. */
        READ,
        /** Both. */
        BOTH;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The body of the request that sets such a grant. */
    ObjectNode request(String session, String token) {
        ObjectNode request = TokenizerApi.JSON
                .createObjectNode()
                .put("tokenId", token)
                .put("sessionId", session)
                .put("direction", direction.wire());
        duration.ifPresent(lasts -> request.put("customDuration", lasts.toMillis() + "ms"));
        uses.ifPresent(count -> request.put("uses", count));
        return request;
    }

    /** A repeated request would give back the uses that were taken in between. */
    Retry.Policy retry() {
        return uses.isPresent() ? Retry.Policy.AFTER_REFUSAL : Retry.Policy.ALWAYS;
    }

    /** The same options with another duration. */
    public GrantOptions lasting(Duration newDuration) {
        return new GrantOptions(direction, Optional.of(newDuration), uses);
    }

    /** The same options with another direction. */
    public GrantOptions forDirection(Direction newDirection) {
        return new GrantOptions(newDirection, duration, uses);
    }

    /** The same options with a limit of uses. */
    public GrantOptions times(int newUses) {
        return new GrantOptions(direction, duration, OptionalInt.of(newUses));
    }
}
