package dev.lunasec.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Browsers get scripts without comments, so that a page loads little. */
@Tag("pure")
class ServedScriptTest {
    /** The most bytes that a page loads of the web components, compressed. */
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
            const accept = { images: 'image/*', slash: /[/*]/.test('//') }; /* a note */
                /* indented
                code that was left out */
              return `lock \uD83D\uDD12`;
            """;
        assertThat(served(script)).isEqualTo("""
            const a = 1; // beside code
            const b = /** @type {number} */ (a);
            /** @type {number} */ (b).c = 'https://example.com';
            const accept = { images: 'image/*', slash: /[/*]/.test('//') }; /* a note */
              return `lock \uD83D\uDD12`;
            """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/* a */ call();", "/* a */ call(); /* b */", "/*/ */ call();"})
    void codeBesideACommentStays(String line) {
        assertThat(served(line)).isEqualTo(line + "\n");
    }

    /** Otherwise the code would be left out, too. */
    @Test
    void codeAfterTheEndOfALongCommentIsRefused() {
        assertThatThrownBy(() -> served("/* a\n * b */ call();\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Code follows a comment; begin a new line: * b */ call();");
    }

    @Test
    void everyLineOfATemplateLiteralStays() {
        String script = """
            const style = `
              /* not a comment of the script */

              // nor this
            `;
            const other = `a` + `b`;
            """;
        assertThat(served(script + "// a comment\n")).isEqualTo(script);
        assertThatThrownBy(() -> served("const a = `b;\n")).hasMessageStartingWith("A template literal has no end;");
    }

    /** Also no line of a comment that begins beside code, which {@link ServedScript} does not expect. */
    @Test
    void noCommentIsLeftInTheScripts() {
        FrameFiles files = FrameFiles.load();
        for (String name : files.names()) {
            if (!name.endsWith(".js")) continue;
            assertThat(new String(files.file(name).orElseThrow().content(), UTF_8).lines())
                    .as(name)
                    .noneMatch(line -> line.matches("\\s*(\\*|//).*"));
        }
    }

    @Test
    void aPageLoadsLittle() {
        int bytes = FrameFiles.load().file(FrameFiles.COMPONENTS).orElseThrow().compressed().length;
        assertThat(bytes).isBetween(LIMIT / 10, LIMIT - 1);
    }

    private static String served(String script) {
        return new String(ServedScript.withoutComments(script.getBytes(UTF_8)), UTF_8);
    }
}
