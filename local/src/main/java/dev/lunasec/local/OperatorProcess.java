package dev.lunasec.local;

import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.controlplane.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The operator as a process of its own. */
final class OperatorProcess {
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx192m");

    private final Child process;

    private OperatorProcess(Child process) {
        this.process = process;
    }

    /**
     * Starts the operator.
     *
     * @param folder for its kubeconfig and its log
     * @param kubeconfig how it reaches the API server
     * @param settings further variables of its environment
     */
    static OperatorProcess start(Path folder, String kubeconfig, Map<String, String> settings) throws IOException {
        Path file = Files.writeString(folder.resolve("operator-kubeconfig"), kubeconfig);
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("KUBECONFIG", file.toString());
        environment.put(EnvironmentVariables.TOKENIZER_IMAGE, LocalImages.TOKENIZER);
        environment.put(EnvironmentVariables.REDIS_IMAGE, LocalImages.REDIS);
        environment.put(EnvironmentVariables.OPERATOR_ADDRESS, "127.0.0.1");
        environment.put(EnvironmentVariables.OPERATOR_PORT, "0");
        Child process = Child.start(
                "operator",
                JavaProgram.command(dev.lunasec.operator.Main.class, OPTIONS),
                environment,
                folder.resolve("operator.log"));
        return new OperatorProcess(process);
    }

    /** SIGKILL. */
    void kill() {
        process.kill();
    }

    /** The last lines that it printed. */
    String lastLines(int lines) {
        return process.lastLines(lines);
    }

    /** SIGTERM, a wait of at most 20 seconds, SIGKILL. */
    void stop() {
        process.stop(GRACE);
    }
}
