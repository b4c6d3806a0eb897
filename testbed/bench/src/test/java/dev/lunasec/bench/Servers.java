package dev.lunasec.bench;

import dev.lunasec.contract.Command;
import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.contract.KeyringFiles;
import dev.lunasec.contract.ManagementPaths;
import dev.lunasec.contract.RewrapEnvironment;
import dev.lunasec.testbed.FreePort;
import dev.lunasec.tokenizer.Main;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts pods and the baseline with the options of the image and with the memory of a pod. */
final class Servers {
    /** Java then counts with this memory, as in the container of a pod. */
    private static final String MEMORY = "-XX:MaxRAM=" + ImageProcess.MEMORY;

    private final Parameters parameters;
    private final VaultProcess vault;
    private final Path work;
    private final List<String> options = new ArrayList<>(List.of(MEMORY));

    /** Whether the pods have an archive of classes, as those of the image have. */
    final boolean classArchive;

    /**
     * A server that is measured.
     *
     * @param ready how long it took from the start of the process to the first answer 200
     */
    record Server(MeasuredProcess process, int port, Duration ready) implements AutoCloseable {
        @Override
        public void close() throws IOException, InterruptedException {
            process.close();
        }
    }

    /** Starts none. */
    Servers(Parameters parameters, VaultProcess vault, Path work) throws IOException, InterruptedException {
        this.parameters = parameters;
        this.vault = vault;
        this.work = work;
        Path archive = vault.folder.resolve("classes.jsa");
        classArchive = writeArchive(archive);
        if (classArchive) options.add("-XX:SharedArchiveFile=" + archive);
    }

    /** A pod that is ready. */
    Server pod() throws IOException {
        return pod(ImageProcess.files(vault.folder).settings());
    }

    /**
     * A pod with other settings than the vault has.
     *
     * @param settings the file with them
     */
    Server pod(Path settings) throws IOException {
        int port = FreePort.find();
        int management = FreePort.find();
        ProcessBuilder builder =
                ImageProcess.tokenizer(parameters.classPath(), options, vault.folder, null, port, management);
        builder.environment().put(EnvironmentVariables.SETTINGS, settings.toString());
        MeasuredProcess pod = new MeasuredProcess(builder, work.resolve("pod-" + port + ".log"));
        return new Server(pod, port, pod.awaitOk(uri(management, ManagementPaths.READY)));
    }

    /**
     * The baseline.
     *
     * @param answer the length of its answers in bytes
     */
    Server baseline(int answer) throws IOException {
        int port = FreePort.find();
        MeasuredProcess baseline = new MeasuredProcess(
                ImageProcess.of(
                        System.getProperty("java.class.path"),
                        List.of(MEMORY),
                        Baseline.class.getName(),
                        vault.folder.resolve("redis-url").toString(),
                        Integer.toString(answer),
                        Integer.toString(port)),
                work.resolve("baseline.log"));
        return new Server(baseline, port, baseline.awaitOk(uri(port, Baseline.path(0))));
    }

    /**
     * Begins a rotation: the keyring gets a second share, which is the primary one. No pod that started before can read
     * what moves from now on.
     *
     * @param rate records per second
     * @return the worker that moves the records of the first share
     */
    MeasuredProcess rotate(double rate) throws IOException {
        Path keyring = vault.folder.resolve("keyring");
        byte[] share = new byte[KeyringFiles.KEY_BYTES];
        new SecureRandom().nextBytes(share);
        Files.write(keyring.resolve(KeyringFiles.share(2)), share);
        Files.writeString(keyring.resolve(KeyringFiles.PRIMARY), "2");
        ProcessBuilder worker =
                ImageProcess.of(parameters.classPath(), options, Main.class.getName(), Command.REWRAP.argument());
        worker.environment().putAll(ImageProcess.files(vault.folder).variables());
        worker.environment().putAll(RewrapEnvironment.variables(1, 1, rate));
        worker.environment().put(EnvironmentVariables.JOB_COMPLETION_INDEX, "0");
        return new MeasuredProcess(worker, work.resolve("rewrap.log"));
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /**
     * Makes the archive as the build of the image does. Java makes none for a class path with folders, nor before Java
     * 24.
     */
    private boolean writeArchive(Path archive) throws IOException, InterruptedException {
        Path log = work.resolve("archive.log");
        Process dump = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "../../image/ClassArchive.java",
                        "../../image/tokenizer.classes",
                        parameters.classPath(),
                        archive.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = dump.waitFor(5, TimeUnit.MINUTES);
        if (!ended) {
            dump.descendants().forEach(ProcessHandle::destroyForcibly);
            dump.destroyForcibly().waitFor();
        }
        return ended && dump.exitValue() == 0 && Files.exists(archive);
    }
}
