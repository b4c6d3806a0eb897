package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.token.RecordId;
import java.util.List;

/** What all pods of a vault decide about a grant. */
final class EachPod {
    private EachPod() {}

    static void admits(List<RedisGrants> pods, String session, RecordId record) {
        for (RedisGrants pod : pods) {
            assertThat(pod.verify(session, record)).isTrue();
            pod.check(session, record);
            pod.use(session, record);
        }
    }

    static void refuses(List<RedisGrants> pods, String session, RecordId record) {
        for (RedisGrants pod : pods) {
            assertThat(pod.verify(session, record)).isFalse();
            assertThatThrownBy(() -> pod.check(session, record)).satisfies(EachPod::noGrant);
            assertThatThrownBy(() -> pod.use(session, record)).satisfies(EachPod::noGrant);
        }
    }

    static void noGrant(Throwable failed) {
        assertThat(failed)
                .isInstanceOfSatisfying(
                        CallFailed.class, it -> assertThat(it.failure()).isEqualTo(ErrorCode.NO_GRANT));
    }
}
