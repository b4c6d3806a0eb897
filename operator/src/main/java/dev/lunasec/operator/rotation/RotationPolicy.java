package dev.lunasec.operator.rotation;

import dev.lunasec.operator.keyring.KeyringIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code spec.keys} asks for.
 *
 * @param rotation {@code spec.keys.rotation}
 * @param maximumAge the age at which the newest share is replaced; null for no limit
 * @param gracePeriod how long a retired share is kept before it is destroyed
 * @param minimumGracePeriod the same for every share, also for a compromised one: the operator's own setting
 * @param compromised shares that an unauthorised person may know: they are replaced at once, and {@code gracePeriod}
 *     does not apply
 * @param kept shares that stay in the keyring, or are restored to it
 * @param givenUp shares whose quarantined records are given up
 */
public record RotationPolicy(
        int rotation,
        @Nullable Duration maximumAge,
        Duration gracePeriod,
        Duration minimumGracePeriod,
        Set<Integer> compromised,
        Set<Integer> kept,
        Set<Integer> givenUp) {

    /** Whether the newest share has to be replaced. */
    public boolean asksForNewShare(KeyringIndex keyring, Instant now) {
        return rotation > keyring.rotation()
                || compromised.contains(keyring.newest())
                || dueAt(keyring).map(due -> !now.isBefore(due)).orElse(false);
    }

    /** When the newest share reaches its maximum age; empty without a limit. */
    public Optional<Instant> dueAt(KeyringIndex keyring) {
        Instant made = keyring.created();
        return made == null || maximumAge == null ? Optional.empty() : Optional.of(made.plus(maximumAge));
    }

    /** When the grace period of a retired share ends. */
    Instant graceEnds(int share, Instant retired) {
        boolean shortest = compromised.contains(share) || gracePeriod.compareTo(minimumGracePeriod) < 0;
        return retired.plus(shortest ? minimumGracePeriod : gracePeriod);
    }
}
