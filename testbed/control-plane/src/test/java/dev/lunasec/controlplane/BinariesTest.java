package dev.lunasec.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With small scripts as programs, a release site on loopback, and a script that plays Go. */
@Tag("embedded")
class BinariesTest {
    private static final byte[] SCRIPT = "#!/bin/sh\necho downloaded\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path temp;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Path folder = Path.of("");

    @BeforeEach
    void aCacheFolder() {
        folder = temp.resolve("cache");
    }

    @Test
    void everythingIsDownloadedAndNothingElseStays() throws Exception {
        byte[] archive = archive();
        try (ReleaseSite site = new ReleaseSite(
                ReleaseSite.file(SCRIPT),
                ReleaseSite.file(SCRIPT),
                ReleaseSite.file(SCRIPT),
                ReleaseSite.file(archive))) {
            Binaries binaries = find(release(site, DownloadTest.sum(SCRIPT), DownloadTest.sum(archive)), noGo());
            for (String name : List.of("etcd", "kube-apiserver", "kube-controller-manager", "kubectl")) {
                assertThat(binaries.path(name)).hasBinaryContent(SCRIPT).isExecutable();
            }
        }
        assertThat(said())
                .contains("downloaded kube-apiserver")
                .contains("downloaded etcd")
                .contains("127.0.0.1");
        assertOnlyProgramsAreIn(folder, 4);
    }

    @Test
    void whatIsInTheCacheIsNotDownloadedAgain() throws Exception {
        byte[] archive = archive();
        try (ReleaseSite site = new ReleaseSite(
                ReleaseSite.file(SCRIPT),
                ReleaseSite.status("500 Internal Server Error", "Content-Length: 0"),
                ReleaseSite.file(SCRIPT),
                ReleaseSite.file(SCRIPT),
                ReleaseSite.file(archive))) {
            Release release = release(site, DownloadTest.sum(SCRIPT), DownloadTest.sum(archive));
            assertThatThrownBy(() -> find(release, noGo())).hasMessageContaining("answered 500");
            assertOnlyProgramsAreIn(folder, 1);
            find(release, noGo());
            assertThat(site.requests())
                    .map(request -> request.lines().findFirst().orElseThrow().split(" ", 3)[1])
                    .containsExactly(
                            "/kube-apiserver",
                            "/kube-controller-manager",
                            "/kube-controller-manager",
                            "/kubectl",
                            "/etcd.tar.gz");
            find(release, noGo());
            assertThat(site.requests()).hasSize(5);
        }
    }

    @Test
    void withoutNetworkGoBuildsWhatIsMissing() throws Exception {
        try (ReleaseSite site =
                new ReleaseSite(ReleaseSite.file(SCRIPT), ReleaseSite.status("404 Not Found", "Content-Length: 0"))) {
            Binaries binaries = find(release(site, DownloadTest.sum(SCRIPT), "0".repeat(64)), goThatBuilds());
            assertThat(binaries.path("kube-apiserver")).hasBinaryContent(SCRIPT);
            assertThat(binaries.path("kubectl")).hasContent("built").isExecutable();
            assertThat(binaries.path("etcd")).hasContent("built").isExecutable();
        }
        assertThat(said())
                .contains("answered 404; building etcd, kube-controller-manager, kubectl with Go instead")
                .contains("built etcd, kube-controller-manager, kubectl in ");
        assertOnlyProgramsAreIn(folder, 4);
    }

    @Test
    void aWrongSumLeavesNothingAndGoBuilds() throws Exception {
        try (ReleaseSite site =
                new ReleaseSite(ReleaseSite.file("<html>Please log in".getBytes(StandardCharsets.UTF_8)))) {
            Binaries binaries = find(release(site, DownloadTest.sum(SCRIPT), "0".repeat(64)), goThatBuilds());
            assertThat(binaries.path("kube-apiserver")).hasContent("built");
        }
        assertThat(said()).contains("has the SHA-256 sum");
    }

    @Test
    void whereNoSumIsPinnedGoBuilds() throws Exception {
        assertThat(find(Optional.empty(), goThatBuilds()).path("etcd")).hasContent("built");
        assertThat(said()).contains("there is nothing to download for this platform");
    }

    @Test
    void aBuildThatFailsTellsWhatGoSaid() throws Exception {
        Path go = script("echo 'go: cannot find the proxy' >&2; exit 1");
        assertThatThrownBy(() -> find(Optional.empty(), go))
                .isInstanceOf(ControlPlaneException.class)
                .hasMessageContaining("go list failed: go: cannot find the proxy");
        assertOnlyProgramsAreIn(folder, 0);
    }

    @Test
    void whatAKilledProcessLeftIsDeleted() throws Exception {
        Files.createDirectories(folder.resolve("unfinished-1/go/bin"));
        Files.writeString(folder.resolve("unfinished-1/go/bin/etcd"), "half");
        find(Optional.empty(), goThatBuilds());
        assertOnlyProgramsAreIn(folder, 4);
    }

    @Test
    void anInterruptEndsTheBuildWithItsProcessesAndLeavesNothing() throws Exception {
        Path started = temp.resolve("started");
        Path go = script("sleep 600 & echo $! >" + started + ".new; mv " + started + ".new " + started + "; wait");
        Thread finding = Thread.ofPlatform().start(() -> {
            try {
                find(Optional.empty(), go);
            } catch (ControlPlaneException e) {
                said.writeBytes(String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
            }
        });
        await().until(() -> Files.exists(started));
        long compiler = Long.parseLong(Files.readString(started).strip());
        finding.interrupt();
        finding.join();
        assertThat(said()).endsWith("was interrupted.");
        await().until(() -> ProcessHandle.of(compiler).isEmpty());
        assertOnlyProgramsAreIn(folder, 0);
    }

    private Binaries find(Optional<Release> release, Path go) {
        Progress progress = Progress.plain(new PrintStream(said, true, StandardCharsets.UTF_8));
        return Binaries.find(folder, release, go.toString(), progress);
    }

    private Binaries find(Release release, Path go) {
        return find(Optional.of(release), go);
    }

    private static Release release(ReleaseSite site, String sum, String archiveSum) {
        return new Release(List.of(
                file(site, "kube-apiserver", sum),
                file(site, "kube-controller-manager", sum),
                file(site, "kubectl", sum),
                new Release.File("etcd", site.uri("/etcd.tar.gz"), archiveSum, "etcd-v1/etcd")));
    }

    private static Release.File file(ReleaseSite site, String name, String sum) {
        URI uri = site.uri("/" + name);
        return new Release.File(name, uri, sum, null);
    }

    private byte[] archive() throws Exception {
        Path etcd = Files.createDirectories(temp.resolve("etcd-v1")).resolve("etcd");
        Files.write(etcd, SCRIPT);
        Process tar = new ProcessBuilder("tar", "-czf", "etcd.tar.gz", "etcd-v1")
                .directory(temp.toFile())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        return Files.readAllBytes(temp.resolve("etcd.tar.gz"));
    }

    private Path noGo() {
        return temp.resolve("no-go");
    }

    /** A program that takes the arguments of Go, and writes a file for each package that is to be built. */
    private Path goThatBuilds() throws Exception {
        return script("""
                [ "$1" != list ] || {
                  echo 'go: downloading k8s.io/kubernetes v1' >&2
                  echo fmt; echo k8s.io/kubernetes
                }
                [ "$1" = build ] || exit 0
                echo fmt >&2; echo k8s.io/kubernetes >&2
                while [ "$1" != -o ]; do shift; done
                out=$2
                shift 2
                for package; do
                  name=${package##*/}
                  [ "$name" != v3 ] || name=server
                  printf built >"$out$name"
                  chmod +x "$out$name"
                done
                """);
    }

    /** A program that also passes for Go when its version is asked for. */
    private Path script(String text) throws Exception {
        Path go = temp.resolve("go");
        Files.writeString(go, "#!/bin/sh\n[ \"$1\" != version ] || exit 0\n" + text);
        assertThat(go.toFile().setExecutable(true)).isTrue();
        return go;
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private static void assertOnlyProgramsAreIn(Path folder, int number) throws Exception {
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> !file.endsWith("lock")))
                    .hasSize(number)
                    .allMatch(Files::isExecutable);
        }
    }
}
