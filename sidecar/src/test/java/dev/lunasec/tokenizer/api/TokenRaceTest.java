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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    /** Two races, and more if no reader still had a grant when the token was erased. */
    @Test
    void everyAnswerIsOneThatSomeOrderOfTheCallsAllows() throws Exception {
        long erased = 0;
        for (int seed = 1; seed <= 2 || (erased == 0 && seed <= 20); seed++) erased += check(vault, pods, seed);
        assertThat(erased).as("reads that are " + Outcome.ERASED).isPositive();
    }

    /**
     * Runs a race.
     *
     * @return how many reads were refused because the token is erased; none if all grants were revoked before
     */
    static long check(TestVault vault, List<Api> pods, long seed) throws Exception {
        TokenRace race = new TokenRace(vault, pods);
        TokenHistory history = race.run(seed);
        assertThat(history.violations()).as("seed " + seed).isEmpty();
        assertThat(race.receipts()).as("one receipt for all erasures").hasSize(1);
        for (Outcome outcome : List.of(Outcome.DONE, Outcome.REFUSED)) {
            assertThat(history.reads(outcome)).as("reads that are " + outcome).isPositive();
        }
        return history.reads(Outcome.ERASED);
    }
}
