package dev.lunasec.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files for browsers are made of those in a folder or a jar, and one hash names a version of them. */
@Tag("pure")
class FrameFilesTest {
    private static final Map<String, String> SOURCES = Map.of(
            "components.js", "import { one } from './components/one.js';\none();",
            "components/one.js", "export const one = () => {};",
            "page/frame.js", "\uD83D\uDD12",
            "page/frame.css", "p {}",
            "components.d.ts", "no file for browsers");

    @TempDir
    Path folder;

    /** A module that no other one imports would be in no file. */
    @Test
    void theFilesHoldEachModuleThatHasCode() throws IOException, URISyntaxException {
        FrameFiles files = FrameFiles.load();
        assertThat(files.names()).containsExactly(FrameFiles.COMPONENTS, FrameFiles.PAGE_STYLE, FrameFiles.PAGE_SCRIPT);
        String served = files.names().stream()
                .map(name -> new String(files.file(name).orElseThrow().content(), UTF_8))
                .collect(Collectors.joining());
        URL entry = FrameFiles.class.getResource(FrameFiles.COMPONENTS);
        Path sources = Path.of(Objects.requireNonNull(entry).toURI()).getParent();
        try (Stream<Path> found = Files.walk(sources)) {
            for (Path module :
                    found.filter(each -> each.toString().endsWith(".js")).toList()) {
                String code = new String(ServedScript.withoutComments(Files.readAllBytes(module)), UTF_8);
                if (code.equals("export {};\n")) continue;
                assertThat(code.lines().filter(line -> line.length() > 20 && !line.matches("(import|export) .*")))
                        .as(module.toString())
                        .allMatch(served::contains);
            }
        }
    }

    /** The package has another line in its place. */
    @Test
    void theServedComponentsUseTheVaultThatServedThem() {
        byte[] served =
                FrameFiles.load().file(FrameFiles.COMPONENTS).orElseThrow().content();
        assertThat(new String(served, UTF_8)).containsOnlyOnce("const SERVED_BY = new URL(import.meta.url).origin;");
    }

    @Test
    void aFolderAndAJarGiveTheSameFiles() throws IOException {
        for (Map.Entry<String, String> file : SOURCES.entrySet()) {
            Path path = folder.resolve("files").resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        Path jar = folder.resolve("files.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            entries.putNextEntry(new JarEntry("other/script.js"));
            for (Map.Entry<String, String> file : SOURCES.entrySet()) {
                entries.putNextEntry(new JarEntry("some/where/" + file.getKey()));
                entries.write(file.getValue().getBytes(UTF_8));
            }
        }
        FrameFiles fromFolder =
                FrameFiles.load(folder.resolve("files/components.js").toUri().toURL());
        FrameFiles fromJar = FrameFiles.load(
                URI.create("jar:" + jar.toUri() + "!/some/where/components.js").toURL());
        for (FrameFiles files : new FrameFiles[] {fromFolder, fromJar}) {
            assertThat(files.names()).containsExactly("components.js", "page/frame.css", "page/frame.js");
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
    void theHashChangesWithEachFile() {
        String hash = hash(SOURCES);
        assertThat(hash).matches("[0-9a-f]{32}");
        assertThat(hash(new HashMap<>(SOURCES))).isEqualTo(hash);
        for (String changed : List.of("components.js", "components/one.js", "page/frame.js", "page/frame.css")) {
            Map<String, String> other = new HashMap<>(SOURCES);
            other.computeIfPresent(changed, (name, source) -> source + "\n1;");
            assertThat(hash(other)).as(changed).isNotEqualTo(hash);
        }
    }

    private static String hash(Map<String, String> sources) {
        TreeMap<String, byte[]> files = new TreeMap<>();
        sources.forEach((name, source) -> files.put(name, source.getBytes(UTF_8)));
        return new FrameFiles(files).hash();
    }
}
