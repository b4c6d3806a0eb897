package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.local.OperatorCrash.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@link OperatorCrashTest} for each write of the operator up to the binding of the vault, or for those of
 * {@link FatalWrites}.
 */
@Tag("full")
class EveryOperatorCrashTest {
    @TempDir
    Path folder;

    @Test
    void theVaultIsTheSameWhereverTheOperatorWasKilled() throws Exception {
        try (OperatorCrash crash = new OperatorCrash(SharedSystem.get(), "crash-always", folder)) {
            Outcome undisturbed = crash.undisturbed();
            List<String> writes = undisturbed.untilBound();
            assertThat(writes)
                    .anyMatch(write -> write.startsWith("POST") && write.endsWith("/secrets"))
                    .anyMatch(write -> write.endsWith("/statefulsets/vault-redis"))
                    .hasSizeGreaterThan(7);
            int first = FatalWrites.first(writes.size());
            for (int fatal = first; fatal <= writes.size(); fatal = FatalWrites.after(fatal)) {
                crash.assertSameWorld(fatal, undisturbed);
            }
            System.out.println("The operator was killed after " + FatalWrites.of(writes));
        }
    }
}
