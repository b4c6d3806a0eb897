package dev.lunasec.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.operator.observe.ReferenceHash.Content;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class ReferenceHashTest {
    private static final byte[] KEY = new byte[32];
    private static final Map<String, String> ALL = Map.of("secret/s3/accessKeyId", "a", "secret/redis/url", "b");

    @Test
    void theHashFollowsTheContent() {
        String hash = ReferenceHash.next(content(ALL, true), KEY, null);
        assertThat(hash).matches("[0-9a-f]{16}");
        assertThat(ReferenceHash.next(content(ALL, true), KEY, "another")).isEqualTo(hash);
        assertThat(ReferenceHash.next(content(Map.of("secret/s3/accessKeyId", "a"), true), KEY, hash))
                .isNotEqualTo(hash);
        assertThat(ReferenceHash.next(content(ALL, true), new byte[] {1}, hash)).isNotEqualTo(hash);
    }

    @Test
    void whileSomethingIsMissingTheLastHashStays() {
        assertThat(ReferenceHash.next(content(Map.of("secret/redis/url", "b"), false), KEY, "0123456789abcdef"))
                .isEqualTo("0123456789abcdef");
    }

    @Test
    void theFirstDeploymentGetsAHashOfWhatThereIs() {
        Content incomplete = content(Map.of("secret/redis/url", "b"), false);
        assertThat(ReferenceHash.next(incomplete, KEY, null))
                .isNotEqualTo(ReferenceHash.next(content(ALL, true), KEY, null));
    }

    @Test
    void valuesAreNeverPrinted() {
        assertThat(content(Map.of("secret/redis/url", "redis://:hunter2@redis"), true))
                .asString()
                .doesNotContain("hunter2");
    }

    private static Content content(Map<String, String> values, boolean complete) {
        return new Content(new TreeMap<>(values), complete);
    }
}
