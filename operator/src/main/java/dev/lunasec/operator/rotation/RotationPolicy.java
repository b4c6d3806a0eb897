package dev.lunasec.operator.rotation;

import dev.lunasec.operator.keyring.KeyringIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the resource asks for.
 *
 * @param rotation {@code spec.keys.rotation}
 * @param maximumAge of the share in use; null for any
 * @param gracePeriod how long a retired share can be brought back
 * @param compromised shares that a stranger may have: they are left at once, and destroyed without grace
 * @param kept shares that stay in the keyring, and come back to it
 * @param givenUp shares whose quarantined records nobody will mend
 */
public record RotationPolicy(
        int rotation,
        @Nullable Duration maximumAge,
        Duration gracePeriod,
        Set<Integer> compromised,
        Set<Integer> kept,
        Set<Integer> givenUp) {

    /** Whether the newest share is to be replaced by another one. */
    public boolean asksForAnother(KeyringIndex keyring, Instant now) {
        return rotation > keyring.rotation()
                || compromised.contains(keyring.newest())
                || dueAt(keyring).map(due -> !now.isBefore(due)).orElse(false);
    }

    /** When the newest share will have reached its maximum age. */
    public Optional<Instant> dueAt(KeyringIndex keyring) {
        Instant made = keyring.made();
        return made == null || maximumAge == null ? Optional.empty() : Optional.of(made.plus(maximumAge));
    }

    /** When a share that was retired may be destroyed. */
    Instant destroyedAt(int share, Instant retired) {
        return compromised.contains(share) ? retired : retired.plus(gracePeriod);
    }
}
