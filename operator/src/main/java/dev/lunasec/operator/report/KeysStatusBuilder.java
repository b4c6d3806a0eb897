package dev.lunasec.operator.report;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerStatus;
import dev.lunasec.api.v1alpha1.TokenizerStatus.KeysStatus;
import dev.lunasec.api.v1alpha1.TokenizerStatus.LastRotation;
import dev.lunasec.api.v1alpha1.TokenizerStatus.RecordsStatus;
import dev.lunasec.api.v1alpha1.TokenizerStatus.Share;
import dev.lunasec.api.v1alpha1.TokenizerStatus.ShareState;
import dev.lunasec.contract.GoDuration;
import dev.lunasec.operator.bucket.s3.RecordsOfShare;
import dev.lunasec.operator.keyring.KeyringIndex;
import dev.lunasec.operator.model.VaultObservation;
import dev.lunasec.operator.rotation.RotationState;
import dev.lunasec.operator.rotation.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@code status.keys}: the progress of a rotation, and the state of each share in the terms of NIST SP 800-57.
 */
final class KeysStatusBuilder {
    /** The number of shares in the status; older shares are long destroyed. */
    private static final int SHOWN = 10;

    private KeysStatusBuilder() {}

    /** While the keyring cannot be read, the status keeps the last values: its restore needs the numbers. */
    static @Nullable KeysStatus keys(Tokenizer tokenizer, VaultObservation observed, @Nullable Step step, Instant now) {
        KeysStatus before = Optional.ofNullable(tokenizer.getStatus())
                .map(TokenizerStatus::keys)
                .orElse(null);
        RotationState rotation = observed.rotation();
        if (rotation == null || step == null) return before;
        KeyringIndex keyring = rotation.keyring();
        return new KeysStatus(
                keyring.primary(),
                IntStream.rangeClosed(Math.max(1, keyring.newest() - SHOWN + 1), keyring.newest())
                        .mapToObj(share -> new Share(share, state(share, rotation)))
                        .toList(),
                keyring.rotation(),
                step.phase().reason(),
                since(before, step, now),
                records(observed, before, keyring, step),
                last(keyring),
                rotation.overdue());
    }

    static ShareState state(int share, RotationState state) {
        KeyringIndex keyring = state.keyring();
        boolean live = keyring.shares().contains(share);
        if (!live && !state.retired().containsKey(share)) return ShareState.DESTROYED;
        if (state.policy().compromised().contains(share)) return ShareState.COMPROMISED;
        if (share > keyring.primary()) return ShareState.PRE_ACTIVATION;
        return share == keyring.primary() ? ShareState.ACTIVE : ShareState.DEACTIVATED;
    }

    private static String since(@Nullable KeysStatus before, Step step, Instant now) {
        return Optional.ofNullable(before)
                .filter(keys -> step.phase().reason().equals(keys.step()))
                .map(KeysStatus::since)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /**
     * The records are counted while they move. Afterwards the last numbers stay, because a count lists the whole
     * bucket. They stay too while the store gives no answer.
     */
    private static @Nullable RecordsStatus records(
            VaultObservation observed, @Nullable KeysStatus before, KeyringIndex keyring, Step step) {
        RecordsStatus counted = before == null ? null : before.records();
        RecordsOfShare records = observed.records();
        return switch (step.phase()) {
            case REWRAP, VERIFY -> {
                Optional<Integer> rewrapped = records.count(keyring.primary());
                Optional<Integer> left = records.count(step.share());
                Optional<Integer> quarantined = records.quarantined(step.share());
                yield rewrapped.isPresent() && left.isPresent() && quarantined.isPresent()
                        ? new RecordsStatus(rewrapped.get(), left.get(), quarantined.get())
                        : counted;
            }
            case QUARANTINED, KEPT, RETIRE ->
                records.quarantined(step.share())
                        .map(quarantined ->
                                new RecordsStatus(counted == null ? 0 : counted.rewrapped(), 0, quarantined))
                        .orElse(counted);
            case LISTING_INCOMPLETE -> counted;
            default -> null;
        };
    }

    private static @Nullable LastRotation last(KeyringIndex keyring) {
        KeyringIndex.CompletedRotation last = keyring.lastRotation();
        return last == null
                ? null
                : new LastRotation(
                        last.completed().toString(),
                        GoDuration.format(Duration.between(last.started(), last.completed())));
    }
}
