package dev.lunasec.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("pure")
class KeyringAnnouncementTest {
    private static final KeyringAnnouncement TWO = new KeyringAnnouncement(2, List.of(2, 1));

    @Test
    void isReadAsItWasWritten() {
        assertThat(TWO).hasToString("primary=2 shares=1,2");
        assertThat(KeyringAnnouncement.parse(TWO.toString())).contains(TWO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "primary=2", "primary=0 shares=1", "primary=1 shares=", "primary=1 shares=1,", "x"})
    void anyOtherTextIsNone(String text) {
        assertThat(KeyringAnnouncement.parse(text)).isEmpty();
    }

    @Test
    void coversWhatHasNoMoreAndNothingNewer() {
        assertThat(TWO.covers(new KeyringAnnouncement(1, List.of(1)))).isTrue();
        assertThat(TWO.covers(TWO)).isTrue();
        assertThat(TWO.covers(new KeyringAnnouncement(2, List.of(2, 3)))).isFalse();
        assertThat(new KeyringAnnouncement(1, List.of(1, 2)).covers(TWO)).isFalse();
    }
}
