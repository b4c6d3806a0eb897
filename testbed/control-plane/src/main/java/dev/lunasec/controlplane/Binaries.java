package dev.lunasec.controlplane;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The programs of one Kubernetes version: found in the cache, else built with Go, else downloaded from the Kubernetes release site
 * and checked.
 */
public final class Binaries {
    /** The version of Kubernetes, the one that go.mod beside this class names. */
    public static final String KUBERNETES = "v1.34.4";

    private static final String ETCD = "v3.6.4";
    private static final List<String> NAMES = List.of("etcd", "kube-apiserver", "kube-controller-manager", "kubectl");
    private static final Duration BUILD = Duration.ofMinutes(30);
    private static final Duration DOWNLOAD = Duration.ofMinutes(10);

    private final Path folder;

    private Binaries(Path folder) {
        this.folder = folder;
    }

    /** The path of a program. */
    public Path path(String name) {
        return folder.resolve(name);
    }

    /**
     * Finds the programs, or gets them: that takes minutes, once a machine.
     *
     * @param say takes a line that says which way was gone
     * @throws ControlPlaneException when neither Go nor the network helps
     */
    public static Binaries find(Consumer<String> say) {
        Path folder = cache().resolve("kubernetes").resolve(KUBERNETES);
        if (complete(folder)) {
            say.accept("Kubernetes " + KUBERNETES + ": from the cache");
            return new Binaries(folder);
        }
        try {
            Files.createDirectories(folder);
            try (FileChannel lock = FileChannel.open(
                            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = lock.lock()) {
                if (held.isValid() && !complete(folder)) get(folder, say);
            }
        } catch (IOException e) {
            throw new ControlPlaneException(
                    "The Kubernetes programs could not be built or downloaded (" + e.getMessage()
                            + "); install Go or check the network.",
                    e);
        }
        return new Binaries(folder);
    }

    private static Path cache() {
        String xdg = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path base = xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return base.resolve("tokenizer-operator");
    }

    private static boolean complete(Path folder) {
        return NAMES.stream().allMatch(name -> Files.isExecutable(folder.resolve(name)));
    }

    private static void get(Path folder, Consumer<String> say) throws IOException {
        Path work = Files.createTempDirectory(folder, "get");
        try {
            if (goIsThere()) {
                say.accept("Kubernetes " + KUBERNETES + ": building with Go, once; this takes some minutes");
                build(work);
            } else {
                say.accept("Kubernetes " + KUBERNETES + ": downloading, once");
                download(work);
            }
            for (String name : NAMES) {
                Files.move(work.resolve(name), folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            Folders.delete(work);
        }
    }

    private static boolean goIsThere() {
        try {
            return run(new ProcessBuilder("go", "version").redirectErrorStream(true), Duration.ofSeconds(20))
                    .isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static void build(Path work) throws IOException {
        for (String file : List.of("go.mod", "go.sum", "tools.go")) {
            try (InputStream in = Binaries.class.getResourceAsStream(file)) {
                if (in == null) throw new IOException(file + " is not in the jar");
                Files.copy(in, work.resolve(file));
            }
        }
        String version = "k8s.io/component-base/version";
        String[] numbers = KUBERNETES.substring(1).split("\\.", 3);
        String flags = "-s -w -X " + version + ".gitVersion=" + KUBERNETES + " -X " + version + ".gitMajor="
                + numbers[0] + " -X " + version + ".gitMinor=" + numbers[1] + " -X " + version + ".gitTreeState=clean";
        ProcessBuilder go = new ProcessBuilder(
                        "go",
                        "build",
                        "-buildvcs=false",
                        "-mod=readonly",
                        "-trimpath",
                        "-ldflags",
                        flags,
                        "-o",
                        work + "/",
                        "go.etcd.io/etcd/server/v3",
                        "k8s.io/kubernetes/cmd/kube-apiserver",
                        "k8s.io/kubernetes/cmd/kube-controller-manager",
                        "k8s.io/kubernetes/cmd/kubectl")
                .directory(work.toFile())
                .redirectErrorStream(true);
        go.environment().put("CGO_ENABLED", "0");
        String failure = run(go, BUILD);
        if (!failure.isEmpty()) throw new IOException("go build: " + failure);
        Files.move(work.resolve("server"), work.resolve("etcd"));
    }

    private static void download(Path work) throws IOException {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String kubernetes = "https://dl.k8s.io/release/" + KUBERNETES + "/bin/" + os + "/" + arch + "/";
        for (String name : List.of("kube-apiserver", "kube-controller-manager", "kubectl")) {
            Path file = work.resolve(name);
            fetch(kubernetes + name, file);
            Path sum = work.resolve(name + ".sha256");
            fetch(kubernetes + name + ".sha256", sum);
            check(file, Files.readString(sum).strip());
            executable(file);
        }
        String archive = "etcd-" + ETCD + "-" + os + "-" + arch + (os.equals("linux") ? ".tar.gz" : ".zip");
        String releases = "https://github.com/etcd-io/etcd/releases/download/" + ETCD + "/";
        Path packed = work.resolve(archive);
        fetch(releases + archive, packed);
        Path sums = work.resolve("SHA256SUMS");
        fetch(releases + "SHA256SUMS", sums);
        String line = Files.readAllLines(sums).stream()
                .filter(l -> l.endsWith(archive))
                .findFirst()
                .orElseThrow(() -> new IOException("no checksum for " + archive));
        check(packed, line.split("\\s+", 2)[0]);
        // tar on both systems reads both kinds of archive
        String failure = run(
                new ProcessBuilder("tar", "-xf", archive, "--strip-components=1")
                        .directory(work.toFile())
                        .redirectErrorStream(true),
                DOWNLOAD);
        if (!failure.isEmpty()) throw new IOException("tar: " + failure);
        executable(work.resolve("etcd"));
    }

    private static void executable(Path file) throws IOException {
        if (!file.toFile().setExecutable(true)) throw new IOException(file + " can't be made executable");
    }

    private static void fetch(String url, Path to) throws IOException {
        try (HttpClient http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(20))
                .build()) {
            HttpResponse<Path> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url)).timeout(DOWNLOAD).build(),
                    HttpResponse.BodyHandlers.ofFile(to));
            if (answer.statusCode() != 200) throw new IOException(url + " answered " + answer.statusCode());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void check(Path file, String expected) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) sha256.update(buffer, 0, n);
            if (!HexFormat.of().formatHex(sha256.digest()).equals(expected)) {
                throw new IOException(file.getFileName() + " does not have the checksum that its makers publish");
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Runs a program to its end; answers nothing when it went well, else the end of what it printed. */
    private static String run(ProcessBuilder builder, Duration deadline) throws IOException {
        Path log = Files.createTempFile("run", ".log");
        try {
            Process process = builder.redirectOutput(log.toFile()).start();
            if (!process.waitFor(deadline.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "not done after " + deadline.toMinutes() + " minutes";
            }
            if (process.exitValue() == 0) return "";
            String text = Files.readString(log).strip();
            return "exit status " + process.exitValue() + ": " + text.substring(Math.max(0, text.length() - 500));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.deleteIfExists(log);
        }
    }
}
