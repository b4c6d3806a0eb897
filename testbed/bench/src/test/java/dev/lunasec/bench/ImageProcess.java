package dev.lunasec.bench;

import dev.lunasec.contract.Command;
import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.contract.TokenizerEnvironment;
import dev.lunasec.contract.VaultFiles;
import dev.lunasec.tokenizer.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Java processes with the options that the build gives to the images. */
public final class ImageProcess {
    /** The memory of a pod in bytes: the default of {@code spec.pods.resources}. */
    public static final long MEMORY = 512L << 20;

    private ImageProcess() {}

    /**
     * A program with the options of the image.
     *
     * @param more further options
     * @param program the main class and its arguments
     */
    public static ProcessBuilder of(String classPath, List<String> more, String... program) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(image("<argument>(-(?!XX:SharedArchive)(?:XX:[+I-S]|D)[^<]*)</argument>"));
        command.addAll(more);
        command.addAll(List.of("-cp", classPath));
        command.addAll(List.of(program));
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment()
                .put("MALLOC_ARENA_MAX", image("<MALLOC_ARENA_MAX>([0-9]+)<").getFirst());
        return process.redirectErrorStream(true);
    }

    /**
     * A tokenizer with the files of a {@code TestVault}, on this host.
     *
     * @param vault the folder of the vault
     * @param tls null for plain HTTP
     */
    public static ProcessBuilder tokenizer(
            String classPath, List<String> more, Path vault, @Nullable Path tls, int port, int managementPort)
            throws IOException {
        ProcessBuilder pod = of(classPath, more, Main.class.getName(), Command.SERVE.argument());
        Map<String, String> environment = pod.environment();
        environment.putAll(
                TokenizerEnvironment.variables(files(vault), vault.resolve("redis-url"), null, tls, null, null));
        environment.put(EnvironmentVariables.ADDRESS, "127.0.0.1");
        environment.put(EnvironmentVariables.PORT, Integer.toString(port));
        environment.put(EnvironmentVariables.MANAGEMENT_PORT, Integer.toString(managementPort));
        return pod;
    }

    /** The files of a {@code TestVault} in its folder. */
    static VaultFiles files(Path vault) {
        return new VaultFiles(
                vault.resolve("settings.json"), null, vault.resolve("keyring"), null, vault.resolve("storage"), null);
    }

    /** What the build gives to the image. The working directory is the folder of this module. */
    private static List<String> image(String pattern) throws IOException {
        String build = Files.readString(Path.of("../../pom.xml"));
        String container = build.substring(build.indexOf("<container>"), build.indexOf("</container>"));
        return Pattern.compile(pattern)
                .matcher(container)
                .results()
                .map(found -> found.group(1))
                .toList();
    }
}
