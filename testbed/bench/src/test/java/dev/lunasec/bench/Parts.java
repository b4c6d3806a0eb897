package dev.lunasec.bench;

import dev.lunasec.tokenizer.api.JsonBenchmark;
import dev.lunasec.tokenizer.auth.JwtBenchmark;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.generators.core.BenchmarkGenerator;
import org.openjdk.jmh.generators.core.FileSystemDestination;
import org.openjdk.jmh.generators.reflection.RFGeneratorSource;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The program of {@code .ci/bench parts}: measures the parts of a request one by one with JMH, on one thread, and
 * prints a table of microseconds and allocated bytes per call. JMH generates code for the benchmarks, which this
 * program compiles into the folder that its argument names. That folder is on the class path.
 */
final class Parts {
    static final List<Class<?>> BENCHMARKS = List.of(
            JwtBenchmark.class, RecordBenchmark.class, UrlBenchmark.class, JsonBenchmark.class, AuditBenchmark.class);

    private static final TimeValue ITERATION = TimeValue.seconds(1);

    /** JMH uses a class whose use newer JDKs warn of. */
    private static final List<String> WITHOUT_WARNING =
            Runtime.version().feature() < 23 ? List.of() : List.of("--sun-misc-unsafe-memory-access=allow");

    private Parts() {}

    /**
     * Runs all benchmarks.
     *
     * @param arguments the folder for the generated code, which exists
     */
    public static void main(String[] arguments) throws IOException, RunnerException {
        generate(Path.of(arguments[0]));
        ChainedOptionsBuilder options = new OptionsBuilder()
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.MICROSECONDS)
                .forks(1)
                .warmupIterations(4)
                .warmupTime(ITERATION)
                .measurementIterations(5)
                .measurementTime(ITERATION)
                .jvmArgs("-XX:+UseSerialGC", "-Xmx512m")
                .jvmArgsAppend(WITHOUT_WARNING.toArray(new String[0]))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        for (Class<?> benchmark : BENCHMARKS)
            options.include("^" + benchmark.getName().replace(".", "[.]") + "[.]");
        System.out.print(table(new Runner(options.build()).run()));
    }

    private static void generate(Path folder) throws IOException {
        try (Stream<Path> old = Files.walk(folder)) {
            for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(folder)) Files.delete(path);
            }
        }
        RFGeneratorSource source = new RFGeneratorSource();
        source.processClasses(BENCHMARKS.toArray(new Class<?>[0]));
        FileSystemDestination destination = new FileSystemDestination(folder.toFile(), folder.toFile());
        BenchmarkGenerator generator = new BenchmarkGenerator();
        generator.generate(source, destination);
        generator.complete(source, destination);
        if (destination.hasErrors()) throw new IOException("JMH refuses a benchmark: " + destination.getErrors());
        List<String> compiler = new ArrayList<>(List.of(
                "-proc:none", "-cp", ManagementFactory.getRuntimeMXBean().getClassPath(), "-d", folder.toString()));
        try (Stream<Path> sources = Files.walk(folder)) {
            sources.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(compiler::add);
        }
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, compiler.toArray(new String[0]));
        if (status != 0) throw new IOException("the code that JMH generated does not compile");
    }

    private static String table(Collection<RunResult> results) {
        StringBuilder table = new StringBuilder("| part | µs per call | ± | bytes per call |\n|---|---|---|---|\n");
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark();
            Result<?> time = result.getPrimaryResult();
            Result<?> bytes =
                    Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"));
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f | %,.0f |%n",
                    name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
                    time.getScore(),
                    time.getScoreError(),
                    bytes.getScore()));
        }
        return table.toString();
    }
}
