package dev.lunasec.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of the frame are read from a folder and from a jar, and one hash names a version of them. */
@Tag("pure")
class FrameFilesTest {
    /** A static import of a module, or one whose binding is exported again. */
    private static final Pattern IMPORT = Pattern.compile(
            "^(?:import\\s+|(?:import|export)\\b[^;'\"]*?\\bfrom\\s+)['\"]([^'\"]+)['\"]", Pattern.MULTILINE);

    @TempDir
    Path folder;

    @Test
    void theModuleHasTheFilesThatPagesStartWith() {
        FrameFiles files = FrameFiles.load();
        for (String name : new String[] {FrameFiles.PAGE_SCRIPT, FrameFiles.PAGE_STYLE, FrameFiles.COMPONENTS}) {
            assertThat(files.file(name)).as(name).isPresent();
        }
    }

    /** A browser resolves imports against the URL of the importing file, and the tokenizer serves only these names. */
    @Test
    void everyImportNamesAFileThatIsServedFromTheSamePart() {
        FrameFiles files = FrameFiles.load();
        int imports = 0;
        for (String name : files.names()) {
            String text = new String(files.file(name).orElseThrow().content(), UTF_8);
            for (MatchResult found : IMPORT.matcher(text).results().toList()) {
                imports++;
                assertThat(found.group(1)).as(name).startsWith("./").endsWith(".js");
                String imported =
                        URI.create("/" + name).resolve(found.group(1)).getPath().substring(1);
                assertThat(files.file(imported))
                        .as("%s imports %s", name, imported)
                        .isPresent();
                assertThat(imported.startsWith("page/"))
                        .as("%s imports %s", name, imported)
                        .isEqualTo(name.startsWith("page/"));
            }
        }
        assertThat(imports).isPositive();
    }

    @Test
    void aFolderAndAJarGiveTheSameFiles() throws IOException {
        Map<String, String> contents = Map.of(
                "components.js", "import './components/one.js';",
                "components/one.js", "export {};",
                "page/frame.js", "\uD83D\uDD12",
                "page/frame.css", "p {}",
                "components.d.ts", "no file for browsers");
        for (Map.Entry<String, String> file : contents.entrySet()) {
            Path path = folder.resolve("files").resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        Path jar = folder.resolve("files.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            entries.putNextEntry(new JarEntry("other/script.js"));
            for (Map.Entry<String, String> file : contents.entrySet()) {
                entries.putNextEntry(new JarEntry("some/where/" + file.getKey()));
                entries.write(file.getValue().getBytes(UTF_8));
            }
        }
        FrameFiles fromFolder =
                FrameFiles.load(folder.resolve("files/components.js").toUri().toURL());
        FrameFiles fromJar = FrameFiles.load(
                URI.create("jar:" + jar.toUri() + "!/some/where/components.js").toURL());
        for (FrameFiles files : new FrameFiles[] {fromFolder, fromJar}) {
            assertThat(files.names())
                    .containsExactly("components.js", "components/one.js", "page/frame.css", "page/frame.js");
            FrameFile script = files.file("page/frame.js").orElseThrow();
            assertThat(script.content()).isEqualTo("\uD83D\uDD12\n".getBytes(UTF_8));
            assertThat(script.contentType()).isEqualTo("text/javascript;charset=utf-8");
            assertThat(new GZIPInputStream(new ByteArrayInputStream(script.compressed())).readAllBytes())
                    .isEqualTo(script.content());
            assertThat(files.file("page/frame.css").orElseThrow().contentType()).isEqualTo("text/css;charset=utf-8");
            assertThat(files.file("components.d.ts")).isEmpty();
        }
        assertThat(fromJar.hash()).isEqualTo(fromFolder.hash());
    }

    @Test
    void theHashChangesWithEachNameAndEachContent() {
        String hash = hash(Map.of("page/a.js", "one", "page/b.js", "two"));
        assertThat(hash).matches("[0-9a-f]{32}");
        assertThat(hash(Map.of("page/b.js", "two", "page/a.js", "one"))).isEqualTo(hash);
        assertThat(hash(Map.of("page/a.js", "One", "page/b.js", "two"))).isNotEqualTo(hash);
        assertThat(hash(Map.of("page/a.js", "two", "page/b.js", "one"))).isNotEqualTo(hash);
        assertThat(hash(Map.of("page/a.js", "one", "page/c.js", "two"))).isNotEqualTo(hash);
        assertThat(hash(Map.of("page/a.js", "one"))).isNotEqualTo(hash);
    }

    private static String hash(Map<String, String> contents) {
        TreeMap<String, byte[]> files = new TreeMap<>();
        contents.forEach((name, content) -> files.put(name, content.getBytes(UTF_8)));
        return new FrameFiles(files).hash();
    }
}
