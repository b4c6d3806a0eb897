package dev.lunasec.tokenizer.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Tag;

/** Every text is a token in one form, or is refused with a sentence that does not repeat it. */
@Tag("pure")
class TokenFuzzTest {
    private static final String FORM = "lunasec-hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";

    @FuzzTest(maxDuration = "10m")
    void aTextIsATokenOfThisFormOrIsRefused(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        Token token;
        try {
            token = Token.parse(text);
        } catch (CallFailed refused) {
            assertThat(refused.failure()).isEqualTo(ErrorCode.MALFORMED_TOKEN);
            assertThat(refused)
                    .hasNoCause()
                    .hasMessage("This is not a token: write lunasec- and 32 hex digits in groups of 8-4-4-4-12.");
            assertThat(hasTheForm(text)).isFalse();
            return;
        }
        assertThat(hasTheForm(text)).isTrue();
        assertThat(token.text()).isEqualTo(text.toLowerCase(Locale.ROOT));
        assertThat(Token.parse(token.text()).bytes()).isEqualTo(token.bytes());
        assertThat(token).hasToString("Token[hidden]");
    }

    /** Without the pattern that the parser uses. */
    private static boolean hasTheForm(String text) {
        if (text.length() != FORM.length()) return false;
        for (int i = 0; i < FORM.length(); i++) {
            char is = text.charAt(i);
            boolean digit = i >= "lunasec-".length() && FORM.charAt(i) == 'h';
            boolean fits = digit ? "0123456789abcdefABCDEF".indexOf(is) >= 0 : is == FORM.charAt(i);
            if (!fits) return false;
        }
        return true;
    }
}
