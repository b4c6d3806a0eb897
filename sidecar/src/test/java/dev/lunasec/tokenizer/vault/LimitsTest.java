package dev.lunasec.tokenizer.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a vault refuses to store. A store enforces a size only if it is signed into the upload. */
@Tag("pure")
class LimitsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void aVaultThatRequiresTheSizeTakesNoUploadWithoutAMaximum() {
        refused(limits(true), OptionalLong.empty(), ErrorCode.BAD_REQUEST);
        assertThatCode(() -> limits(true).check(new byte[0], OptionalLong.of(100)))
                .doesNotThrowAnyException();
        assertThatCode(() -> limits(false).check(new byte[0], OptionalLong.empty()))
                .doesNotThrowAnyException();
    }

    @Test
    void aValueOverTheMaximumSizeIsRefused() {
        refused(limits(true), OptionalLong.of(101), ErrorCode.TOO_LARGE);
    }

    private static void refused(Limits limits, OptionalLong size, ErrorCode code) {
        assertThatThrownBy(() -> limits.check(new byte[0], size))
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(code));
    }

    private static Limits limits(boolean requireSize) {
        return new Limits(100, requireSize, Duration.ofMinutes(1), HOUR, HOUR);
    }
}
