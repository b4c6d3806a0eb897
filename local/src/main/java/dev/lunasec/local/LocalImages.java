package dev.lunasec.local;

import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.local.node.Images;
import dev.lunasec.local.node.PodPlace;
import dev.lunasec.testbed.EmbeddedRedis;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The two images of a vault as programs: the tokenizer from this build, and the redis-server that a library brings. */
final class LocalImages implements Images {
    static final String TOKENIZER = "tokenizer:local";
    static final String REDIS = "redis:local";

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
    private final Path redis;

    /** @param hosts the hosts file, which replaces the DNS of a cluster */
    LocalImages(Path hosts, Path programs) throws IOException {
        this.hosts = hosts;
        this.programs = programs;
        this.redis = EmbeddedRedis.program(programs);
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
        String path = programs + File.pathSeparator + System.getenv("PATH");
        return new Program(command, Map.of("PATH", path, "REDIS_ADDRESS", pod.address()));
    }

    private Program tokenizer(List<String> arguments, PodPlace pod) {
        List<String> command = new ArrayList<>(
                JavaProgram.command(dev.lunasec.tokenizer.Main.class, List.of("-Djdk.net.hosts.file=" + hosts)));
        command.addAll(arguments);
        // Pods share one network here, so each listens on its own address alone.
        return new Program(command, Map.of(EnvironmentVariables.ADDRESS, pod.address()));
    }

    private Program redis(List<String> arguments, PodPlace pod) {
        List<String> command = new ArrayList<>(List.of(redis.toString()));
        command.addAll(arguments.subList(1, arguments.size()));
        command.addAll(List.of("--bind", pod.address()));
        return new Program(command, Map.of());
    }
}
