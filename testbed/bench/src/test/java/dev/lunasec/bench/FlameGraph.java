package dev.lunasec.bench;

import dev.lunasec.bench.Servers.Server;
import dev.lunasec.bench.Window.Counters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The program of {@code .ci/bench flame}: draws where the processor time of a pod goes while it answers
 * {@code /detokenize} for records that it has.
 */
final class FlameGraph {
    private static final Duration WARM_UP = Duration.ofSeconds(40);
    private static final Duration PROFILED = Duration.ofSeconds(20);

    /** It samples the threads that use the processor, and needs no rights for that. */
    private static final String START = "start,event=ctimer,interval=1ms";

    private FlameGraph() {}

    /** Takes no arguments; {@link Parameters} has the properties. */
    public static void main(String[] arguments) throws Exception {
        Parameters parameters = Parameters.read();
        Path picture = parameters.results().resolve("flame.html");
        Run.of(parameters, (vault, servers, work) -> {
            Path profiler = profiler(work);
            int connections = parameters.connections();
            try (Server pod = servers.pod()) {
                byte[][] tokens = new Tokens(
                                vault, pod.port(), "session-", connections, parameters.tokens() / connections)
                        .detokenize();
                Requests requests = Requests.cycle(tokens, connections);
                var unused = new ClosedLoop(requests, () -> Counters.NONE, Duration.ZERO, WARM_UP)
                        .run(pod.port(), connections);
                pod.process().agent(profiler, START);
                Window window = new ClosedLoop(
                                requests, () -> Counters.of(pod.process(), vault), Duration.ZERO, PROFILED)
                        .run(pod.port(), connections);
                pod.process().agent(profiler, "stop,file=" + picture + ",title=detokenize");
                Run.say("%,.0f requests/s while it was profiled", window.rate());
            }
        });
        System.out.println(picture);
    }

    /** The library of async-profiler for Linux, from its jar. */
    private static Path profiler(Path work) throws IOException {
        String library = "/linux-" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64")
                + "/libasyncProfiler.so";
        Path file = work.resolve("libasyncProfiler.so");
        try (InputStream content = FlameGraph.class.getResourceAsStream(library)) {
            if (content == null) throw new IOException("the class path has no " + library);
            Files.copy(content, file);
        }
        return file;
    }
}
