package dev.lunasec.tokenizer.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("pure")
class RecordIdTest {
    private static final String ID = "0123456789abcdef0123456789abcdef";

    @Test
    void thirtyTwoLowerCaseHexDigitsAreOne() {
        assertThat(RecordId.isOne(ID)).isTrue();
        assertThat(new RecordId(ID)).hasToString(ID);
    }

    /** Among them the neighbours of the digits in ASCII, and a digit of another script. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0123456789abcdef0123456789abcde",
                "0123456789abcdef0123456789abcdef0",
                "0123456789abcdef0123456789abcdeF",
                "0123456789abcdef0123456789abcdeg",
                "/123456789abcdef0123456789abcdef",
                ":123456789abcdef0123456789abcdef",
                "`123456789abcdef0123456789abcdef",
                "\u0663123456789abcdef0123456789abcdef",
                "0123456789abcdef\n123456789abcdef"
            })
    void anyOtherTextIsNone(String text) {
        assertThat(RecordId.isOne(text)).isFalse();
        assertThatThrownBy(() -> new RecordId(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
