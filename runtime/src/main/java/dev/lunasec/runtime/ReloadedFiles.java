package dev.lunasec.runtime;

import dev.lunasec.contract.InvalidSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is made of files that others replace while the process runs. They are looked at again and again, because Kubernetes replaces
 * links, not files. A renewal that is no good is said once and kept out: what was there before stays.
 */
public final class ReloadedFiles<T> implements AutoCloseable {
    /** How often to look. The kubelet itself needs about a minute to bring a new version into a pod. */
    public static final Duration EVERY = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(ReloadedFiles.class);
    private static final int LARGEST = 1 << 20;

    private final String what;
    private final List<Path> files;
    private final Function<List<String>, T> make;
    private final Duration every;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile T now;
    private @Nullable List<String> seen;

    /**
     * Reads the files for the first time.
     *
     * @param what for the log, {@code The certificate} for example
     * @param make makes it of the contents, in the order of the files; throws {@link InvalidSettings} for one that is no good
     * @param every how often to look
     * @throws InvalidSettings when the first version is no good, or a file can't be read
     */
    public ReloadedFiles(String what, List<Path> files, Function<List<String>, T> make, Duration every) {
        this.what = what;
        this.files = List.copyOf(files);
        this.make = make;
        this.every = every;
        List<String> first = contents();
        this.seen = first;
        this.now = make.apply(first);
    }

    /** What the files made when they were last good. */
    public T now() {
        return now;
    }

    /** Begins to look, on a thread of its own; {@code listener} is told of every good renewal. */
    public void follow(Consumer<T> listener) {
        Thread.ofPlatform().name("renewals").daemon().start(() -> run(listener));
    }

    @Override
    public void close() {
        stop.countDown();
    }

    private void run(Consumer<T> listener) {
        try {
            while (!stop.await(every.toMillis(), TimeUnit.MILLISECONDS)) look(listener);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Consumer<T> listener) {
        List<String> contents = null;
        try {
            contents = contents();
            // Read twice, so that no file of one version goes with one of the next.
            if (contents.equals(seen) || !contents.equals(contents())) return;
            T renewed = make.apply(contents);
            listener.accept(renewed);
            now = renewed;
            log.info("{} was renewed", what);
        } catch (InvalidSettings e) {
            if (contents == null && seen == null) return;
            log.warn(
                    "{} was renewed with something that is no good, so the one before stays: {}", what, e.getMessage());
        } catch (RuntimeException e) {
            log.error("{} can't be renewed", what, e);
        }
        seen = contents;
    }

    private List<String> contents() {
        List<String> contents = new ArrayList<>();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                contents.add(new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new InvalidSettings("The file " + file + " can't be read; see that it is mounted.", e);
            }
        }
        return contents;
    }
}
