package dev.lunasec.testbed.rings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes what ran: for each test class a line with its ring, the number of its tests, its milliseconds and its name,
 * separated by tabs. A class or a test that was aborted, because it needs something that this machine does not have,
 * gets a line with {@code left out}, twice 0, and its name and the reason. The system property {@code rings.report}
 * names the folder; without it nothing is written. Each JVM writes a file of its own.
 */
public final class RingReport implements TestExecutionListener {
    /** Stands where other lines have the ring. */
    private static final String LEFT_OUT = "left out";

    /** One test class that runs at the moment. */
    private static final class Running {
        final long began = System.nanoTime();
        final AtomicInteger tests = new AtomicInteger();
        volatile String ring = "";
    }

    private final @Nullable String folder;
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private @Nullable TestPlan plan;

    /** Writes into the folder of the system property. */
    public RingReport() {
        this(System.getProperty("rings.report"));
    }

    RingReport(@Nullable String folder) {
        this.folder = folder;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        plan = started;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (isTopClass(test)) running.put(test.getUniqueId(), new Running());
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        boolean aborted = result.getStatus() == Status.ABORTED;
        if (test.isTest() && !aborted) count(test);
        Running ended = running.remove(test.getUniqueId());
        if (ended != null && ended.tests.get() > 0) {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ended.began);
            write(ended.ring, ended.tests.get(), millis, name(test));
        }
        if (aborted) write(LEFT_OUT, 0, 0, name(test) + reason(result));
    }

    private void count(TestIdentifier test) {
        for (TestIdentifier at = test; at != null; at = parent(at)) {
            Running its = running.get(at.getUniqueId());
            if (its == null) continue;
            its.tests.incrementAndGet();
            Set<TestTag> tags = new HashSet<>(test.getTags());
            // The tests of a parameterized class do not have the tags of their class.
            tags.addAll(at.getTags());
            its.ring = Rings.of(name(at), tags);
        }
    }

    private synchronized void write(String ring, int tests, long millis, String name) {
        if (folder == null) return;
        try {
            Path file = Files.createDirectories(Path.of(folder))
                    .resolve(ProcessHandle.current().pid() + ".tsv");
            Files.writeString(
                    file,
                    String.join("\t", ring, String.valueOf(tests), String.valueOf(millis), name) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A class inside another one counts as part of it. */
    private boolean isTopClass(TestIdentifier test) {
        if (!(test.getSource().orElse(null) instanceof ClassSource)) return false;
        for (TestIdentifier at = parent(test); at != null; at = parent(at)) {
            if (at.getSource().orElse(null) instanceof ClassSource) return false;
        }
        return true;
    }

    private @Nullable TestIdentifier parent(TestIdentifier test) {
        return plan == null ? null : plan.getParent(test).orElse(null);
    }

    private static String name(TestIdentifier test) {
        TestSource source = test.getSource().orElse(null);
        if (source instanceof ClassSource tests) return tests.getClassName();
        if (source instanceof MethodSource method) return method.getClassName() + "." + method.getMethodName();
        return test.getDisplayName();
    }

    /** In one line, in parentheses. */
    private static String reason(TestExecutionResult aborted) {
        return aborted.getThrowable()
                .map(Throwable::getMessage)
                .map(message -> " (" + message.strip().replaceAll("\\s+", " ") + ")")
                .orElse("");
    }
}
