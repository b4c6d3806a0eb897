package dev.lunasec.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link VaultHost} as a process of its own. A close ends it, and its Redis with it. */
final class HostProcess implements AutoCloseable {
    /** A million records take a minute of processor time. */
    private static final int TIMEOUT_SECONDS = 300;

    /** A run writes some 100,000 values, and the store keeps 8 KiB or more for each. A million records take 1 GiB. */
    private static final String HEAP = "8g";

    private final Path work;
    private final List<VaultProcess> vaults = new ArrayList<>();
    private final Process process;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    /** @param work an empty folder; gets the files of the vaults and a log */
    HostProcess(Path work, List<HostedVault> hosted) throws IOException {
        this.work = work;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // The whole heap from the start: as it grows, each small step costs the store a pause.
                "-XX:+UseSerialGC",
                "-Xms" + HEAP,
                "-Xmx" + HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                VaultHost.class.getName(),
                work.toString()));
        for (HostedVault each : hosted) command.add(each.argument());
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Path log = work.resolve("vault-host.log");
        Thread.ofPlatform().name("vault-host").daemon().start(() -> read(log));
        for (int i = 0; i < hosted.size(); i++) {
            vaults.add(new VaultProcess(this, i, work.resolve(hosted.get(i).name()), awaitAnswer()));
        }
    }

    /** In the order in which they were asked for. */
    List<VaultProcess> vaults() {
        return List.copyOf(vaults);
    }

    /** Processor time since the start, in microseconds, without that of Redis. */
    long cpuMicros() {
        return ProcessorTime.micros(process.toHandle());
    }

    /** That of all its Redis servers. */
    long redisCpuMicros() {
        return process.descendants().mapToLong(ProcessorTime::micros).sum();
    }

    /** Sends a command, and waits for the answer. */
    String ask(String command) throws IOException {
        Writer commands = process.outputWriter();
        commands.write(command + "\n");
        commands.flush();
        return awaitAnswer();
    }

    private String awaitAnswer() throws IOException {
        try {
            String answer = answers.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (answer != null) return answer;
            throw new IOException("the host of the vaults gives no answer; its log is in " + work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void read(Path log) {
        try (BufferedReader lines = process.inputReader();
                Writer rest = Files.newBufferedWriter(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(VaultHost.ANSWER)) answers.add(line.substring(VaultHost.ANSWER.length()));
                else rest.append(line).append('\n').flush();
            }
        } catch (IOException e) {
            // The process has ended.
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.outputWriter().close();
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
            process.destroyForcibly().waitFor();
    }
}
