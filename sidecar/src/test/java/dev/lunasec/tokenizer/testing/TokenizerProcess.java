package dev.lunasec.tokenizer.testing;

import dev.lunasec.testbed.FreePort;
import dev.lunasec.tokenizer.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A pod of a {@link TestVault} as a process of its own, with the files of the vault. */
public final class TokenizerProcess implements AutoCloseable {
    private final Process process;
    private final int port = FreePort.find();
    private final int management = FreePort.find();

    /**
     * Starts it.
     *
     * @param output gets all that it logs
     * @param options further options of Java
     */
    public TokenizerProcess(TestVault vault, Path output, String... options) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(options));
        command.addAll(List.of(Main.class.getName(), "serve"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .putAll(Map.of(
                        "TOKENIZER_ADDRESS",
                        "127.0.0.1",
                        "TOKENIZER_PORT",
                        Integer.toString(port),
                        "TOKENIZER_MANAGEMENT_PORT",
                        Integer.toString(management),
                        "TOKENIZER_SETTINGS",
                        vault.folder.resolve("settings.json").toString(),
                        "TOKENIZER_KEYRING",
                        vault.folder.resolve("keyring").toString(),
                        "TOKENIZER_STORAGE_CREDENTIALS",
                        vault.folder.resolve("storage").toString(),
                        "TOKENIZER_REDIS_URL",
                        vault.folder.resolve("redis-url").toString()));
        try {
            process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public URI management() {
        return URI.create("http://127.0.0.1:" + management);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
