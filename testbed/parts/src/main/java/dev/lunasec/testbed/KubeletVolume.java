package dev.lunasec.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * A folder of files as the kubelet mounts a Secret or a projected token: each file is a link into {@code ..data}, which
 * is a link to the current version and is replaced in one step.
 */
public final class KubeletVolume {
    private final Path folder;
    private int version;

    public KubeletVolume(Path folder) {
        try {
            this.folder = Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path folder() {
        return folder;
    }

    public Path file(String name) {
        return folder.resolve(name);
    }

    /** Replaces all files at once; the version before is deleted, as it is in a pod. */
    public KubeletVolume write(Map<String, String> files) {
        try {
            Path before = Files.exists(folder.resolve("..data"))
                    ? folder.resolve("..data").toRealPath()
                    : null;
            Path now = Files.createDirectory(folder.resolve("..version-" + version++));
            for (Map.Entry<String, String> file : files.entrySet())
                Files.writeString(now.resolve(file.getKey()), file.getValue());
            Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), now.getFileName());
            Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            for (String name : files.keySet()) {
                if (!Files.isSymbolicLink(folder.resolve(name)))
                    Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
            }
            if (before != null) delete(before);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path version) throws IOException {
        try (var files = Files.list(version)) {
            for (Path file : files.toList()) Files.delete(file);
        }
        Files.delete(version);
    }
}
