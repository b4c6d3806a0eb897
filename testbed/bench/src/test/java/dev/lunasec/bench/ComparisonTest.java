package dev.lunasec.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.bench.Window.Counters;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class ComparisonTest {
    private final Comparison comparison = new Comparison("records", List.of("10", "1,000"));

    @Test
    void eachRoundBeginsWithAnotherVariant() {
        assertThat(comparison.order(0)).containsExactly(0, 1);
        assertThat(comparison.order(1)).containsExactly(1, 0);
        assertThat(comparison.order(-1)).containsExactly(1, 0);
    }

    @Test
    void aRatioIsTheMedianOfTheRatiosOfTheRoundsThatCount() {
        round(0, 5000, 1);
        round(1, 1000, 900);
        round(2, 2000, 2200);
        round(3, 4000, 4000);
        assertThat(comparison.markdown().lines())
                .contains(
                        "| /detokenize, record in the pod | 10 | 2,000 | 1.00 | 1.00 to 1.00 | 50 | 1.00 |"
                                + " 1.00 | 1.00 | 0.00 | 0.00 |",
                        "| /detokenize, record in the pod | 1,000 | 2,200 | 1.00 | 0.90 to 1.10 | 50 | 1.00 |"
                                + " 1.00 | 1.00 | 0.00 | 0.00 |");
    }

    @Test
    void loadsThatAreNotWhatTheirTitlesSayAreRefused() {
        round(1, 1000, 1000);
        for (int variant = 0; variant < 2; variant++) comparison.add(1, Load.COLD, variant, window(1000, 0));
        assertThatThrownBy(comparison::requireWarmAndCold)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("with 10", "0.0 %");
    }

    private void round(int round, int few, int many) {
        comparison.add(round, Load.WARM, 0, window(few, 0));
        comparison.add(round, Load.WARM, 1, window(many, 0));
    }

    private static Window window(int requests, int reads) {
        Histogram micros = Latencies.histogram();
        micros.recordValueWithCount(1000, requests);
        return new Window(requests, Duration.ofSeconds(1), new Counters(50L * requests, 0, reads, 0), micros);
    }
}
