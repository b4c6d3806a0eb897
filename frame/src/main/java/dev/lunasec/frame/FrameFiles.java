package dev.lunasec.frame;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The files that browsers get, made once of all scripts and styles of this module: one script and one style for the
 * page of the frame, and one script for the pages that embed it. Other files, for example types for editors, are left
 * out.
 */
public final class FrameFiles {
    /** The script and the style of the page of the frame. */
    public static final String PAGE_SCRIPT = "page/frame.js";

    public static final String PAGE_STYLE = "page/frame.css";

    /** The script of the pages that embed the frame. */
    public static final String COMPONENTS = "components.js";

    /** The module of the components that says which vault served them, and its source in the script of a vault. */
    private static final String SERVED_BY = "components/served-by.js";

    private static final String SERVED_BY_THIS_VAULT = "export const SERVED_BY = new URL(import.meta.url).origin;\n";

    private static final String SCRIPT = "text/javascript;charset=utf-8";
    private static final String STYLE = "text/css;charset=utf-8";

    private final SortedMap<String, FrameFile> files;
    private final String hash;

    /** @param sources the modules and styles by name, from which the files are made */
    FrameFiles(SortedMap<String, byte[]> sources) {
        this.files = new TreeMap<>();
        SortedMap<String, byte[]> modules = new TreeMap<>(sources);
        modules.put(SERVED_BY, SERVED_BY_THIS_VAULT.getBytes(StandardCharsets.UTF_8));
        for (String script : List.of(PAGE_SCRIPT, COMPONENTS)) {
            files.put(script, file(SCRIPT, ModuleBundle.of(script, modules)));
        }
        byte[] style = sources.get(PAGE_STYLE);
        if (style == null) throw new IllegalStateException("the program has no resource " + PAGE_STYLE);
        files.put(PAGE_STYLE, file(STYLE, style));
        StringBuilder all = new StringBuilder();
        files.forEach((name, file) ->
                all.append(name).append(' ').append(file.digest()).append('\n'));
        this.hash = digest(all.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static FrameFile file(String contentType, byte[] content) {
        return new FrameFile(contentType, content, digest(content));
    }

    /**
     * Reads the files beside this class, from a folder or a jar.
     *
     * @throws IllegalStateException when the program was built without them
     */
    public static FrameFiles load() {
        URL entry = FrameFiles.class.getResource(COMPONENTS);
        if (entry == null) throw new IllegalStateException("the program has no resource " + COMPONENTS);
        return load(entry);
    }

    /** @param entry where the file {@link #COMPONENTS} is */
    static FrameFiles load(URL entry) {
        try {
            return new FrameFiles(
                    entry.getProtocol().equals("jar") ? readJar(entry) : readFolder(Path.of(entry.toURI())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A name for this version of all files: 128 bits of SHA-256 over their names and contents, in hex. It changes when
     * any of them changes, because one speaks with the other.
     */
    public String hash() {
        return hash;
    }

    /** The file with a name; empty if there is none. */
    public Optional<FrameFile> file(String name) {
        return Optional.ofNullable(files.get(name));
    }

    /** The names of all files, sorted. */
    public Set<String> names() {
        return Collections.unmodifiableSet(files.keySet());
    }

    private static SortedMap<String, byte[]> readFolder(Path entry) throws IOException {
        Path folder = entry.resolveSibling("");
        SortedMap<String, byte[]> sources = new TreeMap<>();
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                if (isSource(name)) sources.put(name, Files.readAllBytes(file));
            }
        }
        return sources;
    }

    private static SortedMap<String, byte[]> readJar(URL entry) throws IOException {
        JarURLConnection connection = (JarURLConnection) entry.openConnection();
        connection.setUseCaches(false);
        SortedMap<String, byte[]> sources = new TreeMap<>();
        try (JarFile jar = connection.getJarFile()) {
            String file = connection.getEntryName();
            String folder = file.substring(0, file.length() - COMPONENTS.length());
            for (JarEntry each : jar.stream().toList()) {
                if (!each.getName().startsWith(folder)) continue;
                String name = each.getName().substring(folder.length());
                if (!isSource(name)) continue;
                try (InputStream in = jar.getInputStream(each)) {
                    sources.put(name, in.readAllBytes());
                }
            }
        }
        return sources;
    }

    private static boolean isSource(String name) {
        return name.endsWith(".js") || name.endsWith(".css");
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
