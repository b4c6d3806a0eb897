package dev.lunasec.tokenizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.tokenizer.api.TokenHistory.Call;
import dev.lunasec.tokenizer.api.TokenHistory.Operation;
import dev.lunasec.tokenizer.api.TokenHistory.Outcome;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The rules of {@link TokenHistory} find what no order explains, and nothing else. */
@Tag("pure")
class TokenHistoryTest {
    private static final Call GRANT = call(Operation.GRANT, 1, 2, Outcome.DONE);

    @Test
    void afterAnAnsweredErasureNothingIsServedOrGranted() {
        Call erasure = call(Operation.ERASE, 3, 5, Outcome.DONE);
        for (Operation later : List.of(Operation.DETOKENIZE, Operation.METADATA, Operation.VERIFY, Operation.GRANT)) {
            wrong("not erased after an erasure", GRANT, erasure, call(later, 6, 7, Outcome.DONE));
            right(GRANT, erasure, call(later, 4, 6, Outcome.DONE));
        }
        wrong("not erased after an erasure", GRANT, erasure, call(Operation.DETOKENIZE, 6, 7, Outcome.REFUSED));
        right(erasure, call(Operation.DETOKENIZE, 6, 7, Outcome.REFUSED));
        right(GRANT, erasure, call(Operation.VERIFY, 6, 7, Outcome.REFUSED));
    }

    @Test
    void nothingIsErasedBeforeAnErasureBegins() {
        Call erasure = call(Operation.ERASE, 5, 8, Outcome.DONE);
        wrong("erased before any", GRANT, erasure, call(Operation.DETOKENIZE, 3, 4, Outcome.ERASED));
        right(GRANT, erasure, call(Operation.DETOKENIZE, 3, 6, Outcome.ERASED));
    }

    @Test
    void aReadNeedsAGrantThatNoRevocationFollowed() {
        for (Operation by : List.of(Operation.REVOKE_TOKEN, Operation.REVOKE_SESSION, Operation.REVOKE_PAIR)) {
            Call revocation = call(by, 3, 5, Outcome.DONE);
            Call read = call(Operation.DETOKENIZE, 6, 9, Outcome.DONE);
            wrong("served without a grant", GRANT, revocation, read);
            right(GRANT, revocation, call(Operation.DETOKENIZE, 4, 6, Outcome.DONE));
            right(GRANT, revocation, call(Operation.GRANT, 4, 7, Outcome.DONE), read);
            right(GRANT, revocation, call(Operation.GRANT, 7, 10, Outcome.DONE), read);
            right(GRANT, new Call(Operation.REVOKE_PAIR, "another", 3, 5, Outcome.DONE), read);
        }
        wrong("served without a grant", call(Operation.DETOKENIZE, 1, 2, Outcome.DONE));
        wrong("served without a grant", GRANT, new Call(Operation.DETOKENIZE, "another", 3, 4, Outcome.DONE));
    }

    @Test
    void aReadIsRefusedOnlyIfARevocationExplainsIt() {
        Call refused = call(Operation.METADATA, 6, 9, Outcome.REFUSED);
        wrong("refused with a grant", GRANT, refused);
        right(refused);
        right(GRANT, call(Operation.REVOKE_TOKEN, 3, 4, Outcome.DONE), refused);
        right(GRANT, call(Operation.REVOKE_TOKEN, 8, 10, Outcome.DONE), refused);
        wrong("refused with a grant", GRANT, call(Operation.REVOKE_TOKEN, 10, 11, Outcome.DONE), refused);
        Call again = call(Operation.GRANT, 4, 5, Outcome.DONE);
        wrong("refused with a grant", GRANT, call(Operation.REVOKE_TOKEN, 2, 3, Outcome.DONE), again, refused);
    }

    /** The grant from 2 to 6 may have met the revocation, and have replaced the one from 4 to 5. */
    @Test
    void aGrantWhoseSessionIsRevokedMeanwhileMayReplaceOneThatHolds() {
        Call refused = call(Operation.METADATA, 7, 9, Outcome.REFUSED);
        Call holds = call(Operation.GRANT, 4, 5, Outcome.DONE);
        Call met = call(Operation.GRANT, 2, 6, Outcome.DONE);
        right(met, call(Operation.REVOKE_SESSION, 1, 3, Outcome.DONE), holds, refused);
        wrong("refused with a grant", met, call(Operation.REVOKE_TOKEN, 1, 3, Outcome.DONE), holds, refused);
    }

    private static Call call(Operation operation, long began, long ended, Outcome outcome) {
        return new Call(operation, "session", began, ended, outcome);
    }

    private static void right(Call... calls) {
        assertThat(new TokenHistory(Arrays.asList(calls)).violations()).isEmpty();
    }

    private static void wrong(String why, Call... calls) {
        assertThat(new TokenHistory(Arrays.asList(calls)).violations())
                .singleElement()
                .asString()
                .startsWith(why);
    }
}
