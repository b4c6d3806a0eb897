package dev.lunasec.testbed.rings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestTag;

@Tag("pure")
class RingsTest {
    private static final TestTag PURE = TestTag.create("pure");

    @Test
    void aTestHasTheRingOfItsTag() {
        assertThat(Rings.of("ATest", Set.of(PURE, TestTag.create("another")))).isEqualTo("pure");
    }

    @Test
    void aTestWithoutARingOrWithTwoIsAnErrorThatNamesIt() {
        assertThatThrownBy(() -> Rings.of("ATest", Set.of(TestTag.create("another"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ATest are in 0 rings");
        assertThatThrownBy(() -> Rings.of("ATest", Set.of(PURE, TestTag.create("full"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ATest are in 2 rings [pure, full]");
    }
}
