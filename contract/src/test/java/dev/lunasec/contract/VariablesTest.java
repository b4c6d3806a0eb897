package dev.lunasec.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the operator writes is what the processes read. */
@Tag("pure")
class VariablesTest {
    private static final VaultFiles LEAST =
            new VaultFiles(Path.of("/settings.json"), null, Path.of("/keyring"), null, null, null);
    private static final VaultFiles ALL = new VaultFiles(
            Path.of("/settings.json"),
            SettingsHash.of("{}"),
            Path.of("/keyring"),
            new KeyringAnnouncement(2, List.of(1, 2)),
            Path.of("/storage"),
            Path.of("/ca/ca.crt"));

    @Test
    void theFilesOfAVaultAreReadAsTheyWereWritten() {
        assertThat(VaultFiles.from(LEAST.variables())).isEqualTo(LEAST);
        assertThat(VaultFiles.from(ALL.variables())).isEqualTo(ALL);
        assertThat(TerminationLog.in(ALL.variables())).isEqualTo(Path.of("/dev/termination-log"));
    }

    @Test
    void theEnvironmentOfATokenizerIsReadAsItWasWritten() {
        Map<String, String> variables = new HashMap<>(TokenizerEnvironment.variables(
                ALL,
                Path.of("/redis/url"),
                Path.of("/redis-ca/ca.crt"),
                Path.of("/tls"),
                Path.of("/issuer-cas"),
                Path.of("/cluster")));
        variables.put("KUBERNETES_SERVICE_HOST", "10.0.0.1");
        TokenizerEnvironment read = TokenizerEnvironment.from(variables);
        assertThat(read.files()).isEqualTo(ALL);
        assertThat(read.redisUrl()).isEqualTo(Path.of("/redis/url"));
        assertThat(read.redisCA()).isEqualTo(Path.of("/redis-ca/ca.crt"));
        assertThat(read.tls()).isEqualTo(Path.of("/tls"));
        assertThat(read.issuerCAs()).isEqualTo(Path.of("/issuer-cas"));
        assertThat(read.cluster())
                .isEqualTo(new TokenizerEnvironment.Cluster(URI.create("https://10.0.0.1:443"), Path.of("/cluster")));
        assertThat(TokenizerEnvironment.variables(LEAST, Path.of("/url"), null, null, null, null))
                .containsOnlyKeys(
                        "TOKENIZER_SETTINGS", "TOKENIZER_KEYRING", "TOKENIZER_TERMINATION_LOG", "TOKENIZER_REDIS_URL");
    }

    @Test
    void theTaskOfAWorkerIsReadAsItWasWritten() {
        Map<String, String> variables = new HashMap<>(ALL.variables());
        variables.putAll(RewrapEnvironment.variables(1, 4, 12.5));
        variables.put("JOB_COMPLETION_INDEX", "3");
        assertThat(RewrapEnvironment.from(variables)).isEqualTo(new RewrapEnvironment(ALL, 1, 4, 3, 12.5));
        assertThat(RewrapEnvironment.variables(1, 4, null)).doesNotContainKey("TOKENIZER_REWRAP_RATE");
    }

    @Test
    void aCommandIsReadAsItIsWritten() {
        for (Command command : Command.values()) {
            assertThat(Command.of(command.argument())).contains(command);
        }
        assertThat(Command.of("serve", "agent")).isEmpty();
        assertThat(Command.of("SERVE")).isEmpty();
        assertThat(Command.of()).isEmpty();
    }
}
