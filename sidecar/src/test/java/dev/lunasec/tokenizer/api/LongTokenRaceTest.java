package dev.lunasec.tokenizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.TestVault;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link TokenRaceTest} with more races. */
@Tag("full")
class LongTokenRaceTest {
    private static final int RACES = 20;

    @TempDir
    Path folder;

    @Test
    void everyAnswerIsOneThatSomeOrderOfTheCallsAllows() throws Exception {
        try (TestVault vault = new TestVault(folder)) {
            List<Api> pods = List.of(new Api(vault.url()), new Api(vault.anotherPod()));
            long erased = 0;
            for (int seed = 1_000; seed < 1_000 + RACES; seed++) erased += TokenRaceTest.check(vault, pods, seed);
            assertThat(erased)
                    .as("reads that are refused because the token is erased")
                    .isPositive();
        }
    }
}
