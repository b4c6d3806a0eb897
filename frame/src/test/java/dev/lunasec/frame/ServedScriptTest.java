package dev.lunasec.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Browsers get scripts without comments, so that a page loads little. */
@Tag("pure")
class ServedScriptTest {
    /** The most bytes that a page loads of the web components, each file compressed by itself. */
    private static final int LIMIT = 15_000;

    @Test
    void linesThatAreCommentsAloneAreLeftOut() {
        String script = """
            // a line
            /** one line */
            /**
             * several lines; a URL like https://example.com/*
             */
            const a = 1; // beside code

            const b = /** @type {number} */ (a);
            /** @type {number} */ (b).c = 'https://example.com';
                /* indented
                code that was left out */
              return `lock \uD83D\uDD12`;
            """;
        assertThat(new String(ServedScript.withoutComments(script.getBytes(UTF_8)), UTF_8))
                .isEqualTo("""
                    const a = 1; // beside code
                    const b = /** @type {number} */ (a);
                    /** @type {number} */ (b).c = 'https://example.com';
                      return `lock \uD83D\uDD12`;
                    """);
    }

    @Test
    void aPageLoadsLittle() {
        FrameFiles files = FrameFiles.load();
        int bytes = files.names().stream()
                .filter(name -> name.startsWith("components"))
                .mapToInt(name -> files.file(name).orElseThrow().compressed().length)
                .sum();
        assertThat(bytes).isBetween(LIMIT / 10, LIMIT - 1);
    }
}
