package dev.lunasec.operator.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.operator.bucket.BucketSpec.Provisioning;
import dev.lunasec.operator.bucket.SettingResult.Result;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("pure")
class BucketPlanTest {

    @ParameterizedTest
    @CsvSource({"MATCHES, UNCHANGED", "UNSUPPORTED, UNSUPPORTED", "DENIED, DENIED"})
    void aSettingThatNeedsNoWriteIsSettled(SettingState state, Result expected) {
        BucketPlan plan = BucketPlan.of(Provisioning.CREATE, Map.of(Setting.OWNER_TAG, state), Set.of());
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
        assertThat(BucketPlan.of(Provisioning.ADOPT, observed, Set.of()).apply())
                .containsExactly(Setting.OWNER_TAG, Setting.ABORT_STALE_UPLOADS);
    }

    @Test
    void verifyChangesNothing() {
        BucketPlan plan = BucketPlan.of(Provisioning.VERIFY, Map.of(Setting.OWNER_TAG, SettingState.DIFFERS), Set.of());
        assertThat(plan.apply()).isEmpty();
        assertThat(plan.settled().values()).extracting(SettingResult::result).containsExactly(Result.DENIED);
    }

    @Test
    void aSettingThatBrokeTheStoreIsNotRetried() {
        BucketPlan plan = BucketPlan.of(
                Provisioning.CREATE,
                Map.of(Setting.PUBLIC_ACCESS_BLOCK, SettingState.DIFFERS),
                Set.of(Setting.PUBLIC_ACCESS_BLOCK));
        assertThat(plan.apply()).isEmpty();
        assertThat(plan.settled().values()).extracting(SettingResult::result).containsExactly(Result.UNSUPPORTED);
    }
}
