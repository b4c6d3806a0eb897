package dev.lunasec.tokenizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.TestVault;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link TokenRaceTest} with more races, half of them in a vault with copies of records in Redis. */
@Tag("full")
class LongTokenRaceTest {
    private static final int RACES = 10;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyAnswerIsOneThatSomeOrderOfTheCallsAllows(boolean recordCopies) throws Exception {
        TestVault.Setup setup = TestVault.in(folder);
        if (recordCopies) setup = setup.recordCopies();
        try (TestVault vault = setup.start()) {
            List<Api> pods = List.of(new Api(vault.url()), new Api(vault.anotherPod()));
            long erased = 0;
            for (int seed = 1_000; seed < 1_000 + RACES; seed++) erased += TokenRaceTest.check(vault, pods, seed);
            assertThat(erased)
                    .as("reads that are refused because the token is erased")
                    .isPositive();
        }
    }
}
