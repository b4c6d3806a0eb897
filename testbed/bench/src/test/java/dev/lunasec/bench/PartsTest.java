package dev.lunasec.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Each benchmark of {@code .ci/bench parts} runs once, so that a change of the code that it calls cannot break it. */
@Tag("pure")
class PartsTest {

    @ParameterizedTest
    @MethodSource("classes")
    void eachBenchmarkRuns(Class<?> benchmark) throws Exception {
        Object state = benchmark.getConstructor().newInstance();
        List<Method> benchmarks = methods(benchmark, Benchmark.class);
        assertThat(benchmarks).isNotEmpty();
        for (Method setup : methods(benchmark, Setup.class)) setup.invoke(state);
        try {
            for (Method method : benchmarks) {
                Object result = method.invoke(state);
                if (method.getReturnType() != void.class)
                    assertThat(result).as(method.getName()).isNotNull();
            }
        } finally {
            for (Method tearDown : methods(benchmark, TearDown.class)) tearDown.invoke(state);
        }
    }

    static List<Class<?>> classes() {
        return Parts.BENCHMARKS;
    }

    private static List<Method> methods(Class<?> benchmark, Class<? extends Annotation> annotation) {
        return Arrays.stream(benchmark.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(annotation))
                .toList();
    }
}
