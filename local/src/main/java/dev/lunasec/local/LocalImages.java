package dev.lunasec.local;

import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.local.node.Images;
import dev.lunasec.local.node.PodPlace;
import dev.lunasec.testbed.RedisProgram;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The two images of a vault as programs: the tokenizer from this build, and a Redis, see {@link RedisProgram}. */
final class LocalImages implements Images {
    static final String TOKENIZER = "tokenizer:local";
    static final String REDIS = "redis:local";

    /**
     * The options that the image of the tokenizer gives to Java, without its archive of classes. The heap is what the
     * image takes of the default memory limit, because a process of this machine has no such limit.
     */
    static final List<String> TOKENIZER_OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-Xmx194m",
            "-Xms194m",
            "-XX:MaxMetaspaceSize=128m",
            "-XX:ReservedCodeCacheSize=48m",
            "-XX:SweeperThreshold=100",
            "-XX:MaxDirectMemorySize=64m",
            "-Dio.netty.maxDirectMemory=0",
            "-Dio.netty.leakDetection.level=disabled",
            "-XX:+ExitOnOutOfMemoryError");

    /** The variables of that image. */
    static final Map<String, String> TOKENIZER_ENVIRONMENT = Map.of("MALLOC_ARENA_MAX", "2");

    /** As much of redis-cli as the probe of Redis uses: the answer to one command. */
    private static final String REDIS_CLI = """
            #!/usr/bin/env bash
            exec 3<>"/dev/tcp/$REDIS_ADDRESS/6379" || exit 1
            printf 'AUTH %s\\r\\n%s\\r\\n' "$REDISCLI_AUTH" "$*" >&3
            read -r -t 2 authenticated <&3 && read -r -t 2 answer <&3
            answer=${answer%$'\\r'}
            echo "${answer#+}"
            """;

    private final Path hosts;
    private final Path programs;

    /** @param hosts the hosts file, which replaces the DNS of a cluster */
    LocalImages(Path hosts, Path programs) throws IOException {
        this.hosts = hosts;
        this.programs = programs;
        RedisProgram.install(programs);
        Path cli = Files.writeString(programs.resolve("redis-cli"), REDIS_CLI);
        if (!cli.toFile().setExecutable(true)) throw new IOException(cli + " can't be made executable");
    }

    @Override
    public Program program(String image, List<String> arguments, PodPlace pod) {
        return switch (image) {
            case TOKENIZER -> tokenizer(arguments, pod);
            case REDIS -> redis(arguments, pod);
            default -> throw new IllegalArgumentException("The local node has no program for the image " + image + ".");
        };
    }

    @Override
    public Program inside(String image, List<String> command, PodPlace pod) {
        return new Program(command, Map.of("PATH", path(), "REDIS_ADDRESS", pod.address()));
    }

    private Program tokenizer(List<String> arguments, PodPlace pod) {
        List<String> options = new ArrayList<>(TOKENIZER_OPTIONS);
        // The first compiler alone, so that pods start sooner on the few processors that they share.
        options.add("-XX:TieredStopAtLevel=1");
        options.add("-Djdk.net.hosts.file=" + hosts);
        List<String> command = new ArrayList<>(JavaProgram.command(dev.lunasec.tokenizer.Main.class, options));
        command.addAll(arguments);
        Map<String, String> environment = new HashMap<>(TOKENIZER_ENVIRONMENT);
        // Pods share one network here, so each listens on its own address alone.
        environment.put(EnvironmentVariables.ADDRESS, pod.address());
        return new Program(command, environment);
    }

    private Program redis(List<String> arguments, PodPlace pod) {
        List<String> command = new ArrayList<>(arguments);
        command.addAll(List.of("--bind", pod.address()));
        return new Program(command, Map.of("PATH", path()));
    }

    /** The programs of the images first. */
    private String path() {
        return programs + File.pathSeparator + System.getenv("PATH");
    }
}
