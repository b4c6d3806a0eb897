package dev.lunasec.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.RewrapEnvironment;
import dev.lunasec.contract.SettingsHash;
import dev.lunasec.contract.VaultFiles;
import dev.lunasec.tokenizer.testing.TestVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kubelet may mount settings that are older than the pod, and a user who may edit ConfigMaps can write others. */
@Tag("embedded")
class ExpectedSettingsTest {
    @TempDir
    Path folder;

    @Test
    void noProgramStartsWithOtherSettingsThanItsPodWasMadeFor() throws Exception {
        try (TestVault vault = new TestVault(folder)) {
            Path settings = folder.resolve("settings.json");
            String json = Files.readString(settings);
            VaultFiles files = new VaultFiles(
                    settings, SettingsHash.of(json), folder.resolve("keyring"), null, folder.resolve("storage"), null);
            assertThat(VaultConfig.read(files).settings().toJson()).isEqualTo(json);
            Maintenance.sweep(files);

            Files.writeString(settings, json.replace("us-east-1", "us-east-2"));
            assertThat(Files.readString(settings)).isNotEqualTo(json);
            refused(() -> VaultConfig.read(files));
            refused(() -> Maintenance.sweep(files));
            refused(() -> Maintenance.rewrap(new RewrapEnvironment(files, 1, 1, 0, null)));
        }
    }

    private interface Start {
        void run() throws IOException, InterruptedException;
    }

    private static void refused(Start start) {
        assertThatThrownBy(start::run)
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("The mounted ConfigMap does not have the settings of this pod");
    }
}
