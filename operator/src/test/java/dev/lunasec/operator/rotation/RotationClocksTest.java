package dev.lunasec.operator.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.operator.keyring.KeyringIndex;
import dev.lunasec.operator.keyring.RecordPresence;
import dev.lunasec.operator.rotation.Step.Action;
import dev.lunasec.operator.rotation.Step.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Shares are retired and destroyed only while the clocks of operator, API server and store agree, and not before an
 * hour is over.
 */
@Tag("pure")
class RotationClocksTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Clocks AGREE = new Clocks(Duration.ofSeconds(-20), Duration.ofSeconds(20));

    /** The operator's own clock, that of the API server and that of the store, each a year ahead and a year behind. */
    static List<Clocks> disagreements() {
        return List.of(
                new Clocks(YEAR.negated(), YEAR.negated()),
                new Clocks(YEAR, YEAR),
                new Clocks(YEAR, Duration.ZERO),
                new Clocks(YEAR.negated(), Duration.ZERO),
                new Clocks(Duration.ZERO, YEAR),
                new Clocks(Duration.ZERO, YEAR.negated()),
                new Clocks(Duration.ofSeconds(50), Duration.ofSeconds(-50)));
    }

    @ParameterizedTest
    @MethodSource("disagreements")
    void noShareIsRetiredWhileAClockDiffers(Clocks clocks) {
        assertThat(Rotation.next(emptied(AGREE)).action()).isEqualTo(Action.COPY_TO_RETIRED);
        Step step = Rotation.next(emptied(clocks));
        assertThat(step.phase()).isEqualTo(Phase.CLOCKS_DISAGREE);
        assertThat(step.action()).isEqualTo(Action.WAIT);
    }

    @ParameterizedTest
    @MethodSource("disagreements")
    void noShareIsDestroyedWhileAClockDiffers(Clocks clocks) {
        Instant longAgo = NOW.minus(YEAR);
        assertThat(Rotation.next(retired(longAgo, Set.of(), AGREE)).action()).isEqualTo(Action.DESTROY);
        Step step = Rotation.next(retired(longAgo, Set.of(), clocks));
        assertThat(step.phase()).isEqualTo(Phase.CLOCKS_DISAGREE);
        assertThat(step.action()).isEqualTo(Action.WAIT);
    }

    @Test
    void theMessageNamesTheDifferences() {
        assertThat(Rotation.next(emptied(new Clocks(YEAR, Duration.ofMinutes(-3))))
                        .message())
                .contains("API server is 8760h ahead of", "store 3m behind");
    }

    @Test
    void aStoreThatDoesNotSayItsTimeIsNotTakenForOneThatAgrees() {
        assertThat(Rotation.next(emptied(new Clocks(Duration.ZERO, null))).phase())
                .isEqualTo(Phase.CLOCKS_DISAGREE);
    }

    @Test
    void anHourLiesBetweenRetireAndDestroyAlsoForACompromisedShareAndWithoutAGracePeriod() {
        for (Set<Integer> compromised : List.of(Set.<Integer>of(), Set.of(1))) {
            assertThat(Rotation.next(retired(NOW.minus(HOUR).plusSeconds(1), compromised, AGREE))
                            .action())
                    .isEqualTo(Action.WAIT);
            assertThat(Rotation.next(retired(NOW.minus(HOUR), compromised, AGREE))
                            .action())
                    .isEqualTo(Action.DESTROY);
        }
    }

    @Test
    void noPassIsDueForTheCopyOfAShareThatTheKeyringStillHolds() {
        Instant longAgo = NOW.minus(YEAR);
        assertThat(retired(longAgo, Set.of(), AGREE).nextAt()).isPresent();
        assertThat(state(List.of(1, 2), Map.of(1, longAgo), Set.of(), AGREE).nextAt())
                .isEmpty();
    }

    /** Share 1 is kept as the resource asks for. A person has to do something about share 5, which was retired. */
    @Test
    void aShareThatIsKeptHidesNoneThatAPersonHasToActFor() {
        RotationPolicy keeps = new RotationPolicy(2, null, Duration.ZERO, HOUR, Set.of(), Set.of(1), Set.of());
        for (RecordPresence listing : List.of(RecordPresence.NONE, RecordPresence.UNPROVEN)) {
            Step step = Rotation.next(
                    state(keeps, List.of(1, 2), Map.of(5, NOW), Map.of(1, RecordPresence.NONE, 5, listing), AGREE));
            assertThat(step.phase()).isEqualTo(listing == RecordPresence.NONE ? Phase.KEPT : Phase.LISTING_INCOMPLETE);
        }
    }

    /** Share 1 has no records left, and only its retirement is missing. */
    private static RotationState emptied(Clocks clocks) {
        return state(List.of(1, 2), Map.of(), Set.of(), clocks);
    }

    /** Share 1 was retired at that time, and nothing needs it. */
    private static RotationState retired(Instant since, Set<Integer> compromised, Clocks clocks) {
        return state(List.of(2), Map.of(1, since), compromised, clocks);
    }

    private static RotationState state(
            List<Integer> shares, Map<Integer, Instant> retired, Set<Integer> compromised, Clocks clocks) {
        RotationPolicy policy = new RotationPolicy(2, null, Duration.ZERO, HOUR, compromised, Set.of(), Set.of());
        return state(policy, shares, retired, Map.of(1, RecordPresence.NONE), clocks);
    }

    private static RotationState state(
            RotationPolicy policy,
            List<Integer> shares,
            Map<Integer, Instant> retired,
            Map<Integer, RecordPresence> records,
            Clocks clocks) {
        return new RotationState(
                policy,
                new KeyringIndex(2, shares, 2, null, null),
                retired,
                "1",
                true,
                true,
                List.of(new KeyringAnnouncement(2, shares)),
                true,
                Map.of(),
                Map.of(1, JobState.DONE),
                records,
                Map.of(),
                List.of(),
                NOW,
                clocks);
    }
}
