package dev.lunasec.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("pure")
class GoDurationTest {

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "0s, PT0S",
        "300ms, PT0.3S",
        "1.5h, PT1H30M",
        ".5m, PT30S",
        "1.s, PT1S",
        "1h20m10s, PT1H20M10S",
        "10s1h, PT1H10S",
        "2us, PT0.000002S",
        "2µs, PT0.000002S",
        "7ns, PT0.000000007S",
        "2562047h47m16.854775807s, PT2562047H47M16.854775807S",
    })
    void readsWhatGoReads(String text, Duration expected) {
        assertThat(GoDuration.parse(text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "-1s",
                "+1s",
                "1d",
                "h",
                ".s",
                "1h ",
                " 1h",
                "1 h",
                "1h-1m",
                "1e3s",
                "2562048h",
                "999999999999h",
                "１s",
                "1s\n",
                "1,5h"
            })
    void refusesWhatIsNoDuration(String text) {
        assertThat(GoDuration.parse(text)).isEmpty();
    }

    @Test
    void refusesALongTextWithoutReadingIt() {
        assertThat(GoDuration.parse("1s".repeat(40))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "1ns", "15m", "1h20m10s", "168h", "59s999999999ns"})
    void writesWhatItReads(String text) {
        assertThat(GoDuration.format(GoDuration.parse(text).orElseThrow())).isEqualTo(text);
    }
}
