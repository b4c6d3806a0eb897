package dev.lunasec.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link VaultHost} as a process of its own. A close ends it, and its Redis with it. */
final class VaultProcess implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 60;

    /**
     * What a store got.
     *
     * @param reads requests for the content of an object
     * @param writes requests that put or delete an object
     */
    record Requests(long reads, long writes) {}

    /**
     * What Redis holds.
     *
     * @param bytes of memory that it has allocated
     * @param keys those that have expired and are not deleted yet included
     */
    record Redis(long bytes, long keys) {}

    /** Of a process that calls no store. */
    static final Requests NO_REQUESTS = new Requests(-1, -1);

    /** The folder with the files of a pod. */
    final Path folder;

    /** Where the store is. */
    final URI store;

    private final Process process;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    /** @param work an empty folder; gets the files of the vault and a log */
    VaultProcess(Path work) throws IOException {
        folder = Files.createDirectories(work.resolve("vault"));
        Path log = work.resolve("vault-host.log");
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // The whole heap from the start: as it grows, each small step costs the store a pause. A run
                        // writes some 200,000 objects, and the store keeps 8 KiB or more for each.
                        "-XX:+UseSerialGC",
                        "-Xms8g",
                        "-Xmx8g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        VaultHost.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        Thread.ofPlatform().name("vault-host").daemon().start(() -> read(log));
        store = URI.create(awaitAnswer());
    }

    /**
     * A JWT that is valid for {@link VaultHost#VALID}.
     *
     * @param kind user, application or developer
     * @param session empty for none
     */
    String jwt(String kind, String session) throws IOException {
        return ask(VaultHost.JWT + " " + kind + " " + session);
    }

    /** What the store got until now. */
    Requests requests() throws IOException {
        long[] numbers = numbers(VaultHost.REQUESTS);
        return new Requests(numbers[0], numbers[1]);
    }

    /** Lets the store take longer for each request that reads, writes or deletes an object. */
    void delay(Duration more) throws IOException {
        var unused = ask(VaultHost.DELAY + " " + more.toMillis());
    }

    /** What Redis holds. */
    Redis redis() throws IOException {
        long[] numbers = numbers(VaultHost.REDIS);
        return new Redis(numbers[0], numbers[1]);
    }

    private long[] numbers(String command) throws IOException {
        return Arrays.stream(ask(command).split(" ")).mapToLong(Long::parseLong).toArray();
    }

    private String ask(String command) throws IOException {
        Writer commands = process.outputWriter();
        commands.write(command + "\n");
        commands.flush();
        return awaitAnswer();
    }

    private String awaitAnswer() throws IOException {
        try {
            String answer = answers.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (answer != null) return answer;
            throw new IOException("the host of the vault gives no answer; its log is beside " + folder);
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
