package dev.lunasec.operator.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.operator.bucket.BucketSpec.Provisioning;
import dev.lunasec.operator.bucket.SettingResult.Result;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketPlanTest {

    @ParameterizedTest
    @CsvSource({"RIGHT, UNCHANGED", "UNKNOWN_TO_STORE, UNSUPPORTED", "HIDDEN, DENIED"})
    void whatNeedsNoWritingIsSettled(SettingState seen, Result expected) {
        BucketPlan plan = BucketPlan.of(Provisioning.CREATE, Map.of(Setting.OWNER_TAG, seen), Set.of());
        assertThat(plan.apply()).isEmpty();
        assertThat(plan.settled().values()).extracting(SettingResult::result).containsExactly(expected);
    }

    @Test
    void whatIsWrongIsAppliedInOrder() {
        Map<Setting, SettingState> seen = Map.of(
                Setting.ABORT_STALE_UPLOADS,
                SettingState.WRONG,
                Setting.OWNER_TAG,
                SettingState.WRONG,
                Setting.TLS_ONLY,
                SettingState.RIGHT);
        assertThat(BucketPlan.of(Provisioning.ADOPT, seen, Set.of()).apply())
                .containsExactly(Setting.OWNER_TAG, Setting.ABORT_STALE_UPLOADS);
    }

    @Test
    void verifyChangesNothing() {
        BucketPlan plan = BucketPlan.of(Provisioning.VERIFY, Map.of(Setting.OWNER_TAG, SettingState.WRONG), Set.of());
        assertThat(plan.apply()).isEmpty();
        assertThat(plan.settled().values()).extracting(SettingResult::result).containsExactly(Result.DENIED);
    }

    @Test
    void whatBrokeTheStoreIsNotTriedAgain() {
        BucketPlan plan = BucketPlan.of(
                Provisioning.CREATE,
                Map.of(Setting.PUBLIC_ACCESS_BLOCK, SettingState.WRONG),
                Set.of(Setting.PUBLIC_ACCESS_BLOCK));
        assertThat(plan.apply()).isEmpty();
        assertThat(plan.settled().values()).extracting(SettingResult::result).containsExactly(Result.UNSUPPORTED);
    }
}
