package dev.lunasec.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class PassLimitsTest {
    private static final PassLimits LIMITS = PassLimits.DEFAULT;

    @Test
    void aVaultAtRestNeverWaitsForLongerThanTheIntervalAndNeverForMuchLess() {
        Stream<Duration> waits = Stream.generate(LIMITS::atRest).limit(10_000);
        assertThat(waits)
                .allMatch(wait ->
                        wait.compareTo(Duration.ofMinutes(2)) <= 0 && wait.compareTo(Duration.ofSeconds(105)) >= 0);
    }

    /** The passes of 200 vaults in an eighth of two minutes are 13 in a second, and later they are still fewer. */
    @Test
    void passesThatBeginTogetherSpread() {
        assertThat(mostInASecond(1)).isBetween(8, 40);
        assertThat(mostInASecond(30)).isLessThan(15);
    }

    /** The largest number of 200 vaults that have their next pass in the same second. */
    private static int mostInASecond(int passes) {
        Map<Long, Long> vaults = IntStream.range(0, 200)
                .mapToObj(vault -> Stream.generate(LIMITS::atRest)
                        .limit(passes)
                        .reduce(Duration.ZERO, Duration::plus)
                        .toSeconds())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return vaults.values().stream().mapToInt(Long::intValue).max().orElseThrow();
    }
}
