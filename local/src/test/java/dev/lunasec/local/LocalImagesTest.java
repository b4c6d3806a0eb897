package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The local system runs the program of a pod as the image does. */
@Tag("pure")
class LocalImagesTest {
    /** In MiB, the default of {@code spec.pods.resources}. */
    private static final int LIMIT = 512;

    private static final Pattern HEAP = Pattern.compile("-XX:(Max|Initial)RAMPercentage=(\\d+)");

    @Test
    void podsRunWithTheJavaOptionsOfTheImage() throws IOException {
        List<String> ofImage = found("<argument>(-[^<]+)</argument>").stream()
                .filter(option -> !option.equals("-cp") && !option.contains("SharedArchiveFile"))
                .map(LocalImagesTest::withoutLimit)
                .toList();
        assertThat(LocalImages.TOKENIZER_OPTIONS).isEqualTo(ofImage);
    }

    @Test
    void podsRunWithTheVariablesOfTheImage() throws IOException {
        assertThat(LocalImages.TOKENIZER_ENVIRONMENT)
                .containsOnlyKeys("MALLOC_ARENA_MAX")
                .containsValues(found("<MALLOC_ARENA_MAX>(\\d+)<").getFirst());
    }

    /** The size of a heap in place of a share of the limit. */
    private static String withoutLimit(String option) {
        Matcher heap = HEAP.matcher(option);
        if (!heap.matches()) return option;
        int size = LIMIT * Integer.parseInt(heap.group(2)) / 100;
        return (heap.group(1).equals("Max") ? "-Xmx" : "-Xms") + size + "m";
    }

    private static List<String> found(String pattern) throws IOException {
        String build = Files.readString(Path.of("../pom.xml"));
        String entrypoint = build.substring(build.indexOf("<entrypoint>"), build.indexOf("</environment>"));
        return Pattern.compile(pattern)
                .matcher(entrypoint)
                .results()
                .map(r -> r.group(1))
                .toList();
    }
}
