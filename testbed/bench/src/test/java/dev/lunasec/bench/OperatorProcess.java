package dev.lunasec.bench;

import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.contract.ManagementPaths;
import dev.lunasec.operator.Main;
import dev.lunasec.testbed.FreePort;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An operator in a process of its own, with the Java options of its image and the memory of its container. */
final class OperatorProcess implements AutoCloseable {
    /** The memory of the operator's container: the default of the chart. */
    private static final String MEMORY = "-XX:MaxRAM=" + (512L << 20);

    private final int port = FreePort.find();
    private final MeasuredProcess process;

    /**
     * Starts it, and waits until it watches.
     *
     * @param log gets all that it prints
     */
    OperatorProcess(Path kubeconfig, Path log) throws IOException, InterruptedException {
        // The operator's own classes come first, so that it finds its own configuration of logs.
        String classPath = home() + File.pathSeparator + System.getProperty("java.class.path");
        ProcessBuilder operator = ImageProcess.of(classPath, List.of(MEMORY), Main.class.getName());
        operator.environment()
                .putAll(Map.of(
                        "KUBECONFIG",
                        kubeconfig.toString(),
                        EnvironmentVariables.OPERATOR_ADDRESS,
                        "127.0.0.1",
                        EnvironmentVariables.OPERATOR_PORT,
                        Integer.toString(port)));
        process = new MeasuredProcess(operator, log);
        try {
            process.awaitOk(management(ManagementPaths.READY));
        } catch (IOException e) {
            process.close();
            throw e;
        }
    }

    MeasuredProcess process() {
        return process;
    }

    /** Its metrics, as Prometheus reads them. */
    String metrics() throws IOException {
        try (InputStream metrics = management(ManagementPaths.METRICS).toURL().openStream()) {
            return new String(metrics.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private URI management(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static Path home() {
        try {
            return Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("Classes are in a file or a folder.", e);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.close();
    }
}
