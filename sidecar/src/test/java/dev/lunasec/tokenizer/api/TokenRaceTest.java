package dev.lunasec.tokenizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.tokenizer.api.TokenHistory.Outcome;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.TestVault;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers who grant, revoke, erase and read one token at the same time, on two pods. */
@Tag("embedded")
class TokenRaceTest {
    @TempDir
    static Path folder;

    @AutoClose
    private static TestVault vault;

    private static List<Api> pods;

    @BeforeAll
    static void start() {
        vault = new TestVault(folder);
        pods = List.of(new Api(vault.url()), new Api(vault.anotherPod()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void everyAnswerIsOneThatSomeOrderOfTheCallsAllows(long seed) throws Exception {
        check(vault, pods, seed);
    }

    static void check(TestVault vault, List<Api> pods, long seed) throws Exception {
        TokenRace race = new TokenRace(vault, pods);
        TokenHistory history = race.run(seed);
        assertThat(history.violations()).as("seed " + seed).isEmpty();
        assertThat(race.receipts()).as("one receipt for all erasures").hasSize(1);
        for (Outcome outcome : Outcome.values()) {
            assertThat(history.reads(outcome)).as("reads that are " + outcome).isPositive();
        }
    }
}
