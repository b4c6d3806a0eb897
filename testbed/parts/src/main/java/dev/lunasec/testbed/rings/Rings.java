package dev.lunasec.testbed.rings;

import java.util.Collection;
import java.util.List;
import org.junit.platform.engine.TestTag;

/** The rings: each is a JUnit tag, and each test has exactly one of them. */
final class Rings {
    private static final List<String> ALL =
            List.of("pure", "embedded", "api-server", "system", "browser", "full", "cluster", "stores");

    private Rings() {}

    /**
     * The ring of a test.
     *
     * @param test what an error calls the test
     * @param tags its own tags and those of its class
     * @throws IllegalStateException when there is no ring among the tags, or more than one
     */
    static String of(String test, Collection<TestTag> tags) {
        List<String> rings =
                ALL.stream().filter(ring -> tags.contains(TestTag.create(ring))).toList();
        if (rings.size() != 1) {
            throw new IllegalStateException("The tests of " + test + " are in " + rings.size() + " rings " + rings
                    + ". Each test class needs one tag out of " + ALL + "; see CONTRIBUTING.md.");
        }
        return rings.get(0);
    }
}
