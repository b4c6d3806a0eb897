package dev.lunasec.tokenizer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which combinations of the two headers prove that a page of the tokenizer sent a request. */
@Tag("pure")
class SameOriginTest {
    private static final SameOrigin VAULT = new SameOrigin("https://vault.example.com");

    @ParameterizedTest
    @CsvSource({
        "https://vault.example.com,same-origin",
        "https://vault.example.com,", // a browser without Sec-Fetch-Site
        ",same-origin"
    })
    void pagesOfTheTokenizerPass(@Nullable String origin, @Nullable String site) {
        assertThatCode(() -> VAULT.check(origin, site)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        ",",
        ",cross-site",
        ",same-site",
        ",none",
        "https://vault.example.com,cross-site",
        "https://vault.example.com,same-site",
        "https://vault.example.com,none",
        "https://vault.example.com,'same-origin, cross-site'",
        "https://shop.example.com,same-site",
        "https://shop.example.com,same-origin",
        "https://shop.example.com,",
        "https://attacker.example.net,cross-site",
        "http://vault.example.com,",
        "https://vault.example.com:8443,",
        "https://vault.example.com.attacker.net,",
        "https://vault.example.com/,",
        "https://VAULT.example.com,",
        "null,",
        "null,same-origin",
        "'',same-origin"
    })
    void allOthersAreRefused(@Nullable String origin, @Nullable String site) {
        CallFailed failed = catchThrowableOfType(CallFailed.class, () -> VAULT.check(origin, site));
        assertThat(failed).isNotNull();
        assertThat(failed.failure()).isEqualTo(ErrorCode.CROSS_ORIGIN);
    }
}
