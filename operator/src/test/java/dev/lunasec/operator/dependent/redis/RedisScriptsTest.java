package dev.lunasec.operator.dependent.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts run in an image with the programs of Redis alone, and in one with those of Valkey alone. */
@Tag("embedded")
class RedisScriptsTest {
    /** What the programs of a container find on their path. */
    @TempDir
    private Path path;

    @TempDir
    private Path folder;

    @BeforeEach
    void addTheToolsOfEveryImage() throws IOException {
        for (String tool : List.of("tr", "sed")) {
            Path here = Stream.of(System.getenv("PATH").split(":"))
                    .map(directory -> Path.of(directory, tool))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            Files.createSymbolicLink(path.resolve(tool), here);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-server", "valkey-server"})
    void theServerOfTheImageGetsItsOptionsAndWritesFilesThatOnlyItsUserReads(String server) throws Exception {
        add(server, "printf '<%s>' \"$@\"; umask");
        List<String> command = new ArrayList<>(RedisScripts.start());
        command.addAll(List.of("--save", "", "--appendonly", "yes"));
        Ended ended = run(command);
        assertThat(ended.output()).isEqualTo("<--save><><--appendonly><yes>0077\n");
        assertThat(ended.status()).isZero();
    }

    @Test
    void anImageWithoutAServerSaysWhatItLacks() throws Exception {
        Ended ended = run(RedisScripts.start());
        assertThat(ended.output()).contains("valkey-server");
        assertThat(ended.status()).isNotZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-cli", "valkey-cli"})
    void theProbeReloadsThePasswordsWithOneThatTheServerAcceptsAlready(String client) throws Exception {
        add(client, "test \"$REDISCLI_AUTH $*\" = 'old acl load' && echo OK || echo WRONGPASS");
        assertThat(reload("user default on >new >old ~grant:*\n").status()).isZero();
        assertThat(reload("user default on >new >newer ~grant:*\n").status()).isNotZero();
    }

    @Test
    void theProbeFailsInAnImageWithoutAClient() throws Exception {
        assertThat(reload("user default on >old\n").status()).isNotZero();
    }

    private Ended reload(String users) throws Exception {
        return run(RedisScripts.reload(
                Files.writeString(folder.resolve("users.acl"), users).toString()));
    }

    private void add(String program, String script) throws IOException {
        Path file = Files.writeString(path.resolve(program), "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private record Ended(int status, String output) {}

    private Ended run(List<String> command) throws Exception {
        Path output = folder.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("PATH", path.toString());
        Process process = builder.start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }
}
