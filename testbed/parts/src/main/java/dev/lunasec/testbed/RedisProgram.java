package dev.lunasec.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import redis.embedded.core.ExecutableProvider;

/**
 * The program that is Redis in tests and in the local system: a library brings redis-server, unless the variable {@code
 * REDIS_SERVER} of the environment has the path of another redis-server, or of a valkey-server.
 */
public final class RedisProgram {
    private static final String VARIABLE = "REDIS_SERVER";

    private RedisProgram() {}

    /** What the environment names. */
    static Optional<ExecutableProvider> named() {
        return Optional.ofNullable(System.getenv(VARIABLE))
                .map(path -> ExecutableProvider.newEnvironmentVariableProvider(VARIABLE));
    }

    /** Puts the program into a folder, under the name redis-server. */
    public static void install(Path folder) throws IOException {
        Path name = Files.createDirectories(folder).resolve("redis-server");
        ExecutableProvider program =
                named().orElseGet(() -> ExecutableProvider.newJarResourceProvider(folder.toFile()));
        Files.deleteIfExists(name);
        Files.createSymbolicLink(name, program.get().toPath().toAbsolutePath());
    }
}
