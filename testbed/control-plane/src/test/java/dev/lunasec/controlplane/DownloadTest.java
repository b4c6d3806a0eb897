package dev.lunasec.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("embedded")
class DownloadTest {
    private static final byte[] CONTENT = new byte[3_000_000];
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    static {
        new Random(7).nextBytes(CONTENT);
    }

    @TempDir
    Path folder;

    @Test
    void aFileWithThePinnedSumIsAccepted() throws Exception {
        try (ReleaseSite site = new ReleaseSite(ReleaseSite.file(CONTENT))) {
            fetch(site.uri("/file"), sum(CONTENT));
            assertThat(site.requests()).singleElement().asString().startsWith("GET /file ");
        }
        assertThat(file()).hasBinaryContent(CONTENT);
    }

    @Test
    void aRedirectIsFollowed() throws Exception {
        try (ReleaseSite site = new ReleaseSite(
                ReleaseSite.status("302 Found", "Location: /elsewhere", "Content-Length: 0"),
                ReleaseSite.file(CONTENT))) {
            fetch(site.uri("/file"), sum(CONTENT));
        }
        assertThat(file()).hasBinaryContent(CONTENT);
    }

    @Test
    void aFileWithAnotherSumIsDeleted() throws Exception {
        try (ReleaseSite site = new ReleaseSite(ReleaseSite.file(CONTENT))) {
            assertThatThrownBy(() -> fetch(site.uri("/file"), sum(new byte[1])))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("SHA-256")
                    .hasMessageContaining(sum(CONTENT));
            assertThat(site.requests()).hasSize(1);
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void aServerThatDoesNotAnswerInTimeIsGivenUp() throws Exception {
        try (ReleaseSite site = new ReleaseSite(ReleaseSite.silence())) {
            long began = System.nanoTime();
            assertThatThrownBy(() -> fetch(site.uri("/file"), sum(CONTENT), SECOND))
                    .hasMessage("127.0.0.1 did not answer within 1 s");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(SECOND, MINUTE);
            assertThat(site.requests()).hasSize(1);
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void aRedirectToAServerThatDoesNotAnswerIsGivenUp() throws Exception {
        try (ReleaseSite site = new ReleaseSite(
                ReleaseSite.status("302 Found", "Location: /elsewhere", "Content-Length: 0"), ReleaseSite.silence())) {
            assertThatThrownBy(() -> fetch(site.uri("/file"), sum(CONTENT), SECOND))
                    .hasMessage("127.0.0.1 did not answer within 1 s");
        }
    }

    @Test
    void aServerThatCannotBeReachedIsGivenUpAtOnce() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        URI nobody = URI.create("http://127.0.0.1:" + port + "/file");
        assertThatThrownBy(() -> fetch(nobody, sum(CONTENT))).hasMessage("127.0.0.1 can't be reached");
        URI unknown = URI.create("http://host.invalid/file");
        assertThatThrownBy(() -> fetch(unknown, sum(CONTENT))).hasMessageStartingWith("host.invalid ");
        assertThat(file()).doesNotExist();
    }

    @Test
    void anotherStatusIsAnError() throws Exception {
        try (ReleaseSite site = new ReleaseSite(ReleaseSite.status("404 Not Found", "Content-Length: 0"))) {
            assertThatThrownBy(() -> fetch(site.uri("/file"), sum(CONTENT))).hasMessageEndingWith("/file answered 404");
            assertThat(site.requests()).hasSize(1);
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void aTransferThatStallsIsResumed() throws Exception {
        try (ReleaseSite site =
                new ReleaseSite(ReleaseSite.stalled(CONTENT, 2_000_000), ReleaseSite.rest(CONTENT, 2_000_000))) {
            fetch(site.uri("/file"), sum(CONTENT), SECOND);
            assertThat(site.requests()).hasSize(2).last().asString().contains("Range: bytes=2000000-");
        }
        assertThat(file()).hasBinaryContent(CONTENT);
    }

    @Test
    void aFileThatArrivesInThreePartsIsWhole() throws Exception {
        try (ReleaseSite site = new ReleaseSite(
                ReleaseSite.partial(CONTENT, 1_000_000),
                ReleaseSite.partialRest(CONTENT, 1_000_000, 2_000_000),
                ReleaseSite.rest(CONTENT, 2_000_000))) {
            fetch(site.uri("/file"), sum(CONTENT));
            assertThat(site.requests()).hasSize(3);
        }
        assertThat(file()).hasBinaryContent(CONTENT);
    }

    @Test
    void aFileThatStaysPartialIsDeleted() throws Exception {
        try (ReleaseSite site = new ReleaseSite(
                ReleaseSite.partial(CONTENT, 1_000_000),
                ReleaseSite.partialRest(CONTENT, 1_000_000, 1_000_000),
                ReleaseSite.partialRest(CONTENT, 1_000_000, 1_000_000))) {
            assertThatThrownBy(() -> fetch(site.uri("/file"), sum(CONTENT)))
                    .hasMessage("127.0.0.1 closed the connection after 1.0 of 3.0 MB");
            assertThat(site.requests()).hasSize(3);
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void aServerThatSendsTheWholeFileInsteadOfTheRestIsGivenUp() throws Exception {
        try (ReleaseSite site = new ReleaseSite(ReleaseSite.partial(CONTENT, 1_000_000), ReleaseSite.file(CONTENT))) {
            assertThatThrownBy(() -> fetch(site.uri("/file"), sum(CONTENT)))
                    .hasMessageEndingWith("answered 200 to the request for the rest of the file");
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void anInterruptEndsTheDownloadAndDeletesTheFile() throws Exception {
        try (ReleaseSite site = new ReleaseSite(ReleaseSite.stalled(CONTENT, 2_000_000))) {
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    fetch(site.uri("/file"), sum(CONTENT));
                } catch (Exception e) {
                    end.complete(e);
                }
            });
            await().until(() -> Files.exists(file()) && Files.size(file()) == 2_000_000);
            thread.interrupt();
            assertThat(end.get()).isInstanceOf(InterruptedException.class);
        }
        assertThat(file()).doesNotExist();
    }

    private Path file() {
        return folder.resolve("file");
    }

    private void fetch(URI from, String sha256) throws IOException, InterruptedException {
        fetch(from, sha256, MINUTE);
    }

    /** @param silence that of the server, after which the download gives up or begins anew */
    private void fetch(URI from, String sha256, Duration silence) throws IOException, InterruptedException {
        try (Download download = new Download(silence, silence);
                Progress.Step step = Progress.silent().step("downloading")) {
            download.fetch(from, sha256, file(), step);
        }
    }

    static String sum(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }
}
