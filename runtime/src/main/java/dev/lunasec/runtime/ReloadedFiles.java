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
 * A value that is parsed from files which are replaced while the process runs. The files are read again at an interval:
 * the kubelet replaces links, not files, so no file event reports it. A new version that cannot be parsed is logged
 * once, and the previous value stays.
 */
public final class ReloadedFiles<T> implements AutoCloseable {
    /** The usual interval. The kubelet itself needs about a minute to bring a new version into a pod. */
    public static final Duration EVERY = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(ReloadedFiles.class);
    private static final int LARGEST = 1 << 20;

    private final String what;
    private final List<Path> files;
    private final Function<List<String>, T> parse;
    private final Duration every;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile T now;
    private @Nullable List<String> seen;

    /**
     * Reads the files for the first time.
     *
     * @param what the name of the value in the log, {@code The certificate} for example
     * @param parse parses the contents, which are in the order of the files; throws {@link InvalidSettings} when it
     *     cannot
     * @param every the interval
     * @throws InvalidSettings when the first version cannot be parsed, or a file cannot be read
     */
    public ReloadedFiles(String what, List<Path> files, Function<List<String>, T> parse, Duration every) {
        this.what = what;
        this.files = List.copyOf(files);
        this.parse = parse;
        this.every = every;
        List<String> first = contents();
        this.seen = first;
        this.now = parse.apply(first);
    }

    /** The value of the last version that could be parsed. */
    public T now() {
        return now;
    }

    /** Begins to read the files again, on a thread of its own; {@code listener} gets each new value. */
    public void follow(Consumer<T> listener) {
        Thread.ofPlatform().name("reloaded-files").daemon().start(() -> run(listener));
    }

    @Override
    public void close() {
        stop.countDown();
    }

    private void run(Consumer<T> listener) {
        try {
            while (!stop.await(every.toMillis(), TimeUnit.MILLISECONDS)) reload(listener);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reload(Consumer<T> listener) {
        List<String> contents = null;
        try {
            contents = contents();
            // Reads twice, so that no file of one version is combined with a file of the next.
            if (contents.equals(seen) || !contents.equals(contents())) return;
            T reloaded = parse.apply(contents);
            listener.accept(reloaded);
            now = reloaded;
            log.info("{} was reloaded", what);
        } catch (InvalidSettings e) {
            if (contents == null && seen == null) return;
            log.warn(
                    "{} was replaced with a version that cannot be used, so the previous one stays: {}",
                    what,
                    e.getMessage());
        } catch (RuntimeException e) {
            log.error("{} cannot be reloaded", what, e);
        }
        seen = contents;
    }

    private List<String> contents() {
        List<String> contents = new ArrayList<>();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                contents.add(new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new InvalidSettings("The file " + file + " can't be read; check that it is mounted.", e);
            }
        }
        return contents;
    }
}
