package dev.lunasec.tokenizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages that name tests as their proof name classes and methods that exist and run. */
@Tag("pure")
class DocumentedTestsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern NAMED = Pattern.compile("`([A-Z][A-Za-z0-9]+Test)(?:\\.([a-z][A-Za-z0-9]+))?`");

    @ParameterizedTest
    @ValueSource(strings = {"asvs.md", "lunadefend.md", "threat-model.md"})
    void everyTestThatAPageNamesExists(String page) throws IOException {
        Map<String, List<Path>> tests = tests();
        Set<String> missing = new TreeSet<>();
        List<MatchResult> named = NAMED.matcher(
                        Files.readString(ROOT.resolve("docs").resolve(page)))
                .results()
                .toList();
        for (MatchResult test : named) {
            String method = test.group(2) == null ? "" : "void " + test.group(2) + "(";
            boolean exists = false;
            for (Path source : tests.getOrDefault(test.group(1), List.of())) {
                if (Files.readString(source).contains(method)) exists = true;
            }
            if (!exists) missing.add(test.group());
        }
        assertThat(named).as(page).hasSizeGreaterThan(20);
        assertThat(missing).as(page).isEmpty();
    }

    @Test
    void eachDefectOfLunaDefendHasATest() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/lunadefend.md"));
        List<String> rows = page.substring(page.indexOf("## Defects of LunaDefend"))
                .lines()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .toList();
        assertThat(rows)
                .hasSizeGreaterThan(20)
                .allMatch(row -> NAMED.matcher(row).find());
    }

    /** LunaDefend's tests of its service were empty, and its integration test was switched off. */
    @Test
    void noTestIsEmptyOrSwitchedOff() throws IOException {
        Pattern off =
                Pattern.compile("import (static )?org[.]junit[.]jupiter[.]api[.](Disabled|Assumptions|condition)");
        Pattern empty = Pattern.compile("@(Test|ParameterizedTest|FuzzTest)\\b[^{};]*\\bvoid \\w+\\([^{};]*\\{\\s*}");
        Set<String> found = new TreeSet<>();
        for (Map.Entry<String, List<Path>> test : tests().entrySet()) {
            for (Path source : test.getValue()) {
                String text = Files.readString(source);
                if (off.matcher(text).find() || empty.matcher(text).find()) found.add(test.getKey());
            }
        }
        assertThat(found).isEmpty();
        assertThat(off.matcher("import org.junit.jupiter.api." + "Disabled;").find())
                .isTrue();
        assertThat(empty.matcher("@" + "Test\nvoid something() {\n}").find()).isTrue();
    }

    /** The sources of tests by the names of their classes. */
    private static Map<String, List<Path>> tests() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith("Test.java"))
                    .filter(file -> file.toString().contains("/src/test/java/"))
                    .collect(Collectors.groupingBy(
                            file -> file.getFileName().toString().replace(".java", "")));
        }
    }
}
