package dev.lunasec.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.EnvironmentVariables;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The operator, the contract, the chart and the docs name the same environment variables of the operator. */
@Tag("pure")
class OperatorVariablesTest {
    private static final Path TEMPLATES = Path.of("../helm/templates");
    private static final Path DOCS = Path.of("../docs/operations.md");
    private static final Pattern IN_TEMPLATE = Pattern.compile("- name: ([A-Z][A-Z0-9_]+)\n");
    private static final Pattern IN_TABLE = Pattern.compile("\n\\| `([A-Z][A-Z0-9_]+)` \\|");

    @Test
    void theContractDefinesEachVariableThatTheOperatorReads() throws Exception {
        Set<String> defined = new TreeSet<>();
        for (Field field : EnvironmentVariables.class.getFields()) defined.add((String) field.get(null));
        assertThat(defined).containsAll(read());
    }

    @Test
    void theChartSetsOnlyVariablesThatTheOperatorReads() throws IOException {
        Set<String> set = new TreeSet<>();
        try (Stream<Path> files = Files.walk(TEMPLATES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) set.addAll(names(IN_TEMPLATE, file));
        }
        assertThat(set).contains(EnvironmentVariables.WATCH_NAMESPACES).isSubsetOf(read());
    }

    @Test
    void theDocsListTheVariablesThatTheOperatorReads() throws IOException {
        String page = Files.readString(DOCS);
        String section = page.substring(page.indexOf("\n## Variables of the operator\n") + 1);
        assertThat(names(IN_TABLE, section.substring(0, section.indexOf("\n## "))))
                .isEqualTo(read());
    }

    /** The names that the operator asks its environment for. */
    private static Set<String> read() {
        Set<String> read = new TreeSet<>();
        OperatorSettings.from(new AbstractMap<>() {
            @Override
            public @Nullable String get(Object name) {
                read.add((String) name);
                return null;
            }

            @Override
            public Set<Map.Entry<String, String>> entrySet() {
                return Set.of();
            }
        });
        return read;
    }

    private static Set<String> names(Pattern name, Path file) throws IOException {
        return names(name, Files.readString(file));
    }

    private static Set<String> names(Pattern name, String text) {
        return name.matcher(text)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
