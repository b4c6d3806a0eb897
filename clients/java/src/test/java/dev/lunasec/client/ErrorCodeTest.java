package dev.lunasec.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The client is published without the tokenizer's contract, so it has the codes once more. */
@Tag("pure")
class ErrorCodeTest {
    private static final List<ErrorCode> OF_THE_CLIENT =
            List.of(ErrorCode.UNREACHABLE, ErrorCode.TRANSFER_FAILED, ErrorCode.UNKNOWN);

    @Test
    void theClientKnowsEveryCodeOfTheTokenizer() {
        Stream<ErrorCode> ofTheTokenizer =
                Arrays.stream(ErrorCode.values()).filter(code -> !OF_THE_CLIENT.contains(code));
        assertThat(ofTheTokenizer.collect(Collectors.toMap(ErrorCode::name, ErrorCode::code)))
                .isEqualTo(Arrays.stream(dev.lunasec.contract.ErrorCode.values())
                        .collect(Collectors.toMap(Enum::name, dev.lunasec.contract.ErrorCode::code)));
    }

    @Test
    void aCodeThatIsNewerThanTheClientIsUnknownAndKeepsItsName() {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(ErrorCode.of(code.code())).isEqualTo(code);
        }
        TokenizerException newer = new TokenizerException("quotaExceeded", 429, "The quota is used up.", "");
        assertThat(newer.code()).isEqualTo(ErrorCode.UNKNOWN);
        assertThat(newer.name()).isEqualTo("quotaExceeded");
        assertThat(newer.status()).isEqualTo(429);
    }
}
