package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.local.OperatorCrash.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operator is killed after it created the keyring, and after it bound the vault, and is started again: the vault is
 * the same as without a kill, with the keyring that was created first.
 */
@Tag("system")
class OperatorCrashTest {
    @TempDir
    Path folder;

    @Test
    void theVaultIsTheSameWhenTheOperatorWasKilled() throws Exception {
        try (OperatorCrash crash = new OperatorCrash(SharedSystem.get(), "crash", folder)) {
            Outcome undisturbed = crash.undisturbed();
            List<String> writes = undisturbed.untilBound();
            int keyring = 1;
            while (!writes.get(keyring - 1).matches("POST .*/secrets")) keyring++;
            assertThat(keyring).isLessThan(writes.size());
            crash.assertSameWorld(keyring, undisturbed);
            crash.assertSameWorld(writes.size(), undisturbed);
        }
    }
}
