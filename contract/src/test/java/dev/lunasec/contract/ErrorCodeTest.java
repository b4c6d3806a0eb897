package dev.lunasec.contract;

import static dev.lunasec.contract.ErrorCode.ERASURE_INCOMPLETE;
import static dev.lunasec.contract.ErrorCode.GRANTS_FULL;
import static dev.lunasec.contract.ErrorCode.GRANTS_UNAVAILABLE;
import static dev.lunasec.contract.ErrorCode.ISSUER_UNAVAILABLE;
import static dev.lunasec.contract.ErrorCode.REPLICATION_UNCONFIRMED;
import static dev.lunasec.contract.ErrorCode.STOPPING;
import static dev.lunasec.contract.ErrorCode.STORAGE_UNAVAILABLE;
import static dev.lunasec.contract.ErrorCode.TOKENIZER_UNAVAILABLE;
import static dev.lunasec.contract.ErrorCode.TOO_MANY_GRANTS;
import static dev.lunasec.contract.ErrorCode.TOO_MANY_REQUESTS;
import static dev.lunasec.contract.ErrorCode.WRONG_BUCKET;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class ErrorCodeTest {
    @Test
    void everyCodeHasItsOwnNameAndTheStatusOfAnError() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code))
                .doesNotHaveDuplicates()
                .allMatch(code -> code.matches("[a-z][A-Za-z]+"));
        assertThat(ErrorCode.values()).allMatch(code -> code.status() >= 400 && code.status() <= 503);
    }

    @Test
    void callersRetryWhatMaySucceedSoon() {
        assertThat(Arrays.stream(ErrorCode.values()).filter(ErrorCode::isRetryable))
                .containsExactlyInAnyOrder(
                        TOO_MANY_REQUESTS,
                        TOO_MANY_GRANTS,
                        GRANTS_UNAVAILABLE,
                        GRANTS_FULL,
                        REPLICATION_UNCONFIRMED,
                        STORAGE_UNAVAILABLE,
                        WRONG_BUCKET,
                        ERASURE_INCOMPLETE,
                        ISSUER_UNAVAILABLE,
                        TOKENIZER_UNAVAILABLE,
                        STOPPING);
    }
}
