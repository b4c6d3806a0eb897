package dev.lunasec.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final AtomicLong now = new AtomicLong(7);

    @Test
    void withoutATerminalAShortStepWritesNothing() {
        try (Progress.Step step = progress(0).step("downloading")) {
            step.amount(1, 10, "1 of 10 MB");
            pass(Duration.ofMillis(1900), step);
        }
        assertThat(text()).isEmpty();
    }

    @Test
    void withoutATerminalALongStepWritesALineAfterTwoSecondsAndEveryTenSecondsFromThenOn() {
        try (Progress.Step step = progress(0).step("downloading")) {
            step.amount(1, 10, "1 of 10 MB");
            pass(Duration.ofSeconds(2), step);
            step.amount(3, 10, "3 of 10 MB");
            pass(Duration.ofMillis(9900), step);
            pass(Duration.ofMillis(100), step);
            step.detail("unpacking");
            pass(Duration.ofSeconds(10), step);
        }
        assertThat(text().lines())
                .containsExactly(
                        "  2.0 s  downloading: 10 %: 1 of 10 MB",
                        " 12.0 s  downloading: 30 %: 3 of 10 MB", " 22.0 s  downloading: unpacking");
        assertThat(text()).doesNotContain("\r").doesNotContain("\033");
    }

    @Test
    void onATerminalTheStepIsOneLineThatDisappears() {
        Progress progress = progress(80);
        progress.line("before");
        try (Progress.Step step = progress.step("downloading")) {
            step.amount(1, 4, "1 of 4 MB");
            pass(Duration.ofSeconds(1), step);
            assertThat(screen())
                    .containsExactly(
                            "  0.0 s  before",
                            "  1.0 s  downloading  [" + "#".repeat(9) + ".".repeat(28) + "] 25 %  1 of 4 MB");
            progress.line("between");
            pass(Duration.ofSeconds(1), step);
            assertThat(screen()).hasSize(3).element(1).isEqualTo("  1.0 s  between");
            step.detail("unpacking");
            pass(Duration.ofMillis(400), step);
            assertThat(screen()).element(2).asString().matches("  2\\.4 s  [|/\\\\-] downloading  unpacking");
        }
        progress.line("after");
        assertThat(screen()).containsExactly("  0.0 s  before", "  1.0 s  between", "  2.4 s  after");
    }

    @Test
    void aLineIsNoWiderThanTheTerminal() {
        try (Progress.Step step = progress(40).step("waiting for something with a long name")) {
            step.detail("and for more of it");
            pass(Duration.ofSeconds(1), step);
            assertThat(screen()).singleElement().asString().hasSize(37);
        }
    }

    @Test
    void anAmountOverTheTotalIsAFullBar() {
        try (Progress.Step step = progress(60).step("building")) {
            step.amount(12, 10, "12 of 10 packages");
            pass(Duration.ofSeconds(1), step);
            assertThat(screen()).singleElement().asString().contains("#] 100 %").doesNotContain(".]");
        }
    }

    @Test
    void stepsDoNotOverlap() {
        Progress progress = progress(0);
        try (Progress.Step step = progress.step("one")) {
            assertThatThrownBy(() -> progress.step("two")).hasMessageContaining("one");
            step.close();
            progress.step("two").close();
        }
    }

    private Progress progress(int columns) {
        return new Progress(out, columns, now::get);
    }

    private void pass(Duration time, Progress.Step step) {
        now.addAndGet(time.toNanos());
        step.draw();
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** What a terminal shows after these bytes, without an empty last line. */
    private List<String> screen() {
        String plain = text().replace("\033[?7l", "").replace("\033[?7h", "").replace("\033[K", "");
        return Arrays.stream(plain.split("\n", -1))
                .map(line -> line.substring(line.lastIndexOf('\r') + 1))
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
