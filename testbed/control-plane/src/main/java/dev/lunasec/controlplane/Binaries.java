package dev.lunasec.controlplane;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The programs of one Kubernetes version, kept in the cache folder of the user. Missing ones are downloaded from the
 * release sites and checked; those that can't be downloaded are built with Go.
 */
public final class Binaries {
    private static final List<String> NAMES = List.of("etcd", "kube-apiserver", "kube-controller-manager", "kubectl");
    private static final String UNFINISHED = "unfinished-";
    /** Long enough for any network that is worth the download, where a build is the alternative. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(3);

    private static final Duration FIRST_ANSWER_WITHOUT_GO = Duration.ofSeconds(30);
    private static final Duration SILENCE = Duration.ofSeconds(20);
    private static final Duration UNPACK = Duration.ofMinutes(2);

    private final Path folder;

    private Binaries(Path folder) {
        this.folder = folder;
    }

    /** The path of a program. */
    public Path path(String name) {
        return folder.resolve(name);
    }

    /**
     * Finds the programs in the cache, or gets them: that takes minutes, once a machine.
     *
     * @throws ControlPlaneException when neither the network nor Go helps, or when the thread is interrupted
     */
    public static Binaries find(Progress progress) {
        Path folder = cache().resolve("kubernetes").resolve(Release.KUBERNETES);
        Optional<Release> release = Release.of(System.getProperty("os.name"), System.getProperty("os.arch"));
        return find(folder, release, "go", progress);
    }

    /**
     * The same in another folder.
     *
     * @param release what to download; empty where there is nothing
     * @param go the command that builds
     */
    static synchronized Binaries find(Path folder, Optional<Release> release, String go, Progress progress) {
        if (missing(folder).isEmpty()) return new Binaries(folder);
        try {
            Files.createDirectories(folder);
            try (FileChannel file = FileChannel.open(
                            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = lock(file, progress)) {
                if (lock.isValid()) get(folder, release, new GoBuild(go, progress), progress);
            }
        } catch (IOException e) {
            throw new ControlPlaneException(
                    "The Kubernetes programs can't be downloaded or built: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlPlaneException("The download or build of the Kubernetes programs was interrupted.", e);
        }
        return new Binaries(folder);
    }

    private static Path cache() {
        String xdg = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path base = xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return base.resolve("tokenizer-operator");
    }

    private static List<String> missing(Path folder) {
        return NAMES.stream()
                .filter(name -> !Files.isExecutable(folder.resolve(name)))
                .toList();
    }

    private static FileLock lock(FileChannel file, Progress progress) throws IOException, InterruptedException {
        try (Progress.Step step = progress.step("waiting for another process that gets the Kubernetes programs")) {
            while (true) {
                FileLock lock = file.tryLock();
                if (lock != null) return lock;
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }

    private static void get(Path folder, Optional<Release> release, GoBuild go, Progress progress)
            throws IOException, InterruptedException {
        deleteUnfinished(folder);
        Path work = Files.createTempDirectory(folder, UNFINISHED);
        try {
            boolean canBuild = go.isPossible();
            Duration firstAnswer = canBuild ? FIRST_ANSWER : FIRST_ANSWER_WITHOUT_GO;
            String failure = "there is nothing to download for this platform";
            try (Download download = new Download(firstAnswer, SILENCE)) {
                for (Release.File file : release.map(Release::files).orElse(List.of())) {
                    download(download, file, folder, work, progress);
                }
            } catch (IOException e) {
                failure = String.valueOf(e.getMessage());
            }
            List<String> missing = missing(folder);
            if (missing.isEmpty()) return;
            String names = missing.size() == NAMES.size() ? "Kubernetes" : String.join(", ", missing);
            if (!canBuild) throw new IOException(failure + ", and Go is not installed to build " + names);
            progress.line(failure + "; building " + names + " with Go instead, once, in about five minutes");
            long began = System.nanoTime();
            Path built = go.build(missing, Files.createDirectory(work.resolve("go")));
            for (String name : missing) keep(built.resolve(name), folder);
            progress.line("built " + names + " in " + secondsSince(began) + " s");
        } finally {
            Folders.delete(work);
        }
    }

    /** Removes what a process left that was killed; nobody else is at work, because the caller holds the lock. */
    private static void deleteUnfinished(Path folder) throws IOException {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, UNFINISHED + "*")) {
            stream.forEach(folders::add);
        }
        for (Path unfinished : folders) Folders.delete(unfinished);
    }

    private static void download(Download download, Release.File file, Path folder, Path work, Progress progress)
            throws IOException, InterruptedException {
        if (Files.isExecutable(folder.resolve(file.program()))) return;
        long began = System.nanoTime();
        Path arrived = work.resolve("download");
        Path program = work.resolve(file.program());
        try (Progress.Step step = progress.step("downloading " + file.program())) {
            download.fetch(file.uri(), file.sha256(), arrived, step);
            if (file.member() == null) {
                Files.move(arrived, program);
            } else {
                unpack(arrived, file.member(), program);
                Files.delete(arrived);
            }
        }
        if (!program.toFile().setExecutable(true)) throw new IOException(program + " can't be made executable");
        keep(program, folder);
        progress.line("downloaded %s %s from %s in %d s"
                .formatted(
                        file.program(),
                        file.program().equals("etcd") ? Release.ETCD : Release.KUBERNETES,
                        file.uri().getHost(),
                        secondsSince(began)));
    }

    private static void unpack(Path archive, String member, Path to) throws IOException, InterruptedException {
        Process tar = new ProcessBuilder("tar", "-xzOf", archive.toString(), member)
                .redirectOutput(to.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (tar.waitFor(UNPACK.toSeconds(), TimeUnit.SECONDS) && tar.exitValue() == 0) return;
        } finally {
            tar.destroyForcibly();
        }
        throw new IOException("tar can't read " + member + " in " + archive.getFileName());
    }

    /** A program appears in the cache at once and whole. */
    private static void keep(Path program, Path folder) throws IOException {
        Files.move(program, folder.resolve(program.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    private static long secondsSince(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toSeconds();
    }
}
