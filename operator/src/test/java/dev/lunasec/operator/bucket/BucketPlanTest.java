package dev.lunasec.operator.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.operator.bucket.BucketSpec.Provisioning;
import dev.lunasec.operator.bucket.SettingResult.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("pure")
class BucketPlanTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({"MATCHES, UNCHANGED", "UNSUPPORTED, UNSUPPORTED", "DENIED, DENIED"})
    void aSettingThatNeedsNoWriteIsSettled(SettingState state, Result expected) {
        BucketPlan plan = BucketPlan.of(Provisioning.CREATE, Map.of(Setting.OWNER_TAG, state), Map.of(), NOW);
        assertThat(plan.apply()).isEmpty();
        assertThat(plan.settled().values()).extracting(SettingResult::result).containsExactly(expected);
    }

    @Test
    void differingSettingsAreAppliedInOrder() {
        Map<Setting, SettingState> observed = Map.of(
                Setting.ABORT_STALE_UPLOADS,
                SettingState.DIFFERS,
                Setting.OWNER_TAG,
                SettingState.DIFFERS,
                Setting.TLS_ONLY,
                SettingState.MATCHES);
        assertThat(BucketPlan.of(Provisioning.ADOPT, observed, Map.of(), NOW).apply())
                .containsExactly(Setting.OWNER_TAG, Setting.ABORT_STALE_UPLOADS);
    }

    @Test
    void verifyChangesNothing() {
        BucketPlan plan =
                BucketPlan.of(Provisioning.VERIFY, Map.of(Setting.OWNER_TAG, SettingState.DIFFERS), Map.of(), NOW);
        assertThat(plan.apply()).isEmpty();
        assertThat(plan.settled().values()).extracting(SettingResult::result).containsExactly(Result.DENIED);
    }

    @Test
    void aSettingThatBrokeTheStoreIsNotRetried() {
        BucketPlan plan = BucketPlan.of(
                Provisioning.CREATE,
                Map.of(Setting.PUBLIC_ACCESS_BLOCK, SettingState.DIFFERS),
                Map.of(Setting.PUBLIC_ACCESS_BLOCK, NOW.minusSeconds(60)),
                NOW);
        assertThat(plan.apply()).isEmpty();
        assertThat(plan.settled().values()).extracting(SettingResult::result).containsExactly(Result.UNSUPPORTED);
    }

    @Test
    void aSettingThatBrokeTheStoreIsRetriedAfterADayAndAfterATimeThatCannotBe() {
        for (Instant tried : List.of(NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(365)))) {
            assertThat(BucketPlan.of(
                                    Provisioning.CREATE,
                                    Map.of(Setting.PUBLIC_ACCESS_BLOCK, SettingState.DIFFERS),
                                    Map.of(Setting.PUBLIC_ACCESS_BLOCK, tried),
                                    NOW)
                            .apply())
                    .containsExactly(Setting.PUBLIC_ACCESS_BLOCK);
        }
    }
}
