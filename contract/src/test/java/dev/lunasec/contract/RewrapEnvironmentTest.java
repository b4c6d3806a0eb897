package dev.lunasec.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("pure")
class RewrapEnvironmentTest {
    private static final Map<String, String> LEAST = Map.of(
            "TOKENIZER_SETTINGS", "/settings.json",
            "TOKENIZER_KEYRING", "/keyring",
            "TOKENIZER_REWRAP_SHARE", "1",
            "TOKENIZER_REWRAP_WORKERS", "16",
            "JOB_COMPLETION_INDEX", "15");

    @Test
    void aWorkerNeedsNeitherRedisNorAPort() {
        VaultFiles files = new VaultFiles(Path.of("/settings.json"), null, Path.of("/keyring"), null, null, null);
        assertThat(RewrapEnvironment.from(LEAST)).isEqualTo(new RewrapEnvironment(files, 1, 16, 15, null));
        RewrapEnvironment told = with(
                "TOKENIZER_KEYRING_EXPECTED", "primary=2 shares=1,2",
                "TOKENIZER_STORAGE_CREDENTIALS", "/storage",
                "TOKENIZER_TRUSTED_CA", "/ca.crt",
                "TOKENIZER_REWRAP_RATE", "12.5");
        assertThat(told.files())
                .isEqualTo(new VaultFiles(
                        Path.of("/settings.json"),
                        null,
                        Path.of("/keyring"),
                        new KeyringAnnouncement(2, List.of(1, 2)),
                        Path.of("/storage"),
                        Path.of("/ca.crt")));
        assertThat(told.rate()).isEqualTo(12.5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TOKENIZER_KEYRING | '' | TOKENIZER_KEYRING is not set; set it to a path.",
                "TOKENIZER_SETTINGS_EXPECTED | AB12 | TOKENIZER_SETTINGS_EXPECTED is AB12;"
                        + " set it to the first 32 hex digits of the SHA-256 of the settings.",
                "TOKENIZER_KEYRING_EXPECTED | primary=2 | TOKENIZER_KEYRING_EXPECTED is primary=2;"
                        + " set it to what a keyring has, like primary=2 shares=1,2.",
                "TOKENIZER_REWRAP_SHARE | ''"
                        + " | TOKENIZER_REWRAP_SHARE is not set; set it to a number from 1 to 999999999.",
                "TOKENIZER_REWRAP_SHARE | 0 | TOKENIZER_REWRAP_SHARE is 0; set it to a number from 1 to 999999999.",
                "TOKENIZER_REWRAP_WORKERS | 17 | TOKENIZER_REWRAP_WORKERS is 17; set it to a number from 1 to 16.",
                "TOKENIZER_REWRAP_WORKERS | 0 | TOKENIZER_REWRAP_WORKERS is 0; set it to a number from 1 to 16.",
                "JOB_COMPLETION_INDEX | 16 | JOB_COMPLETION_INDEX is 16; set it to a number from 0 to 15.",
                "JOB_COMPLETION_INDEX | -1 | JOB_COMPLETION_INDEX is -1; set it to a number from 0 to 15.",
                "JOB_COMPLETION_INDEX | '' | JOB_COMPLETION_INDEX is not set; set it to a number from 0 to 15.",
                "TOKENIZER_REWRAP_RATE | 0 | TOKENIZER_REWRAP_RATE is 0;"
                        + " set it to a number over 0 and at most 1000000, per second, or leave it out for no limit.",
                "TOKENIZER_REWRAP_RATE | NaN | TOKENIZER_REWRAP_RATE is NaN;",
                "TOKENIZER_REWRAP_RATE | 1e9 | TOKENIZER_REWRAP_RATE is 1e9;",
            })
    void aWrongValueIsNamedWithWhatIsAllowed(String name, String value, String sentence) {
        assertThatThrownBy(() -> with(name, value))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageStartingWith(sentence);
    }

    private static RewrapEnvironment with(String... more) {
        Map<String, String> environment = new HashMap<>(LEAST);
        for (int i = 0; i < more.length; i += 2) environment.put(more[i], more[i + 1]);
        return RewrapEnvironment.from(environment);
    }
}
