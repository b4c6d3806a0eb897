package dev.lunasec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.testbed.EverythingLogged;
import dev.lunasec.testbed.KubeletVolume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are replaced as the kubelet does it. */
@Tag("pure")
class ReloadedFilesTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration OFTEN = Duration.ofMillis(5);

    @TempDir
    Path folder;

    private KubeletVolume volume;
    private final AtomicInteger parsed = new AtomicInteger();

    @BeforeEach
    void mount() {
        volume = new KubeletVolume(folder.resolve("mounted"));
        write("1", "1");
    }

    @Test
    void aNewVersionIsReadAndToldOnce() {
        List<String> told = new CopyOnWriteArrayList<>();
        try (ReloadedFiles<String> reloaded = reloaded()) {
            assertThat(reloaded.now()).isEqualTo("1");
            reloaded.follow(told::add);
            write("2", "2");
            await().atMost(SOON).until(() -> reloaded.now().equals("2"));
            write("3", "3");
            await().atMost(SOON).until(() -> reloaded.now().equals("3"));
            assertThat(told).containsExactly("2", "3");
        }
    }

    @Test
    void aVersionThatCannotBeUsedIsLoggedOnceAndThePreviousOneStays() throws Exception {
        try (EverythingLogged logged = new EverythingLogged();
                ReloadedFiles<String> reloaded = reloaded()) {
            reloaded.follow(now -> {});
            write("2", "another");
            await().atMost(SOON).until(() -> logged.text().contains("cannot be used"));
            parsed.set(0);
            // The same version is not parsed a second time.
            Files.delete(volume.file("one"));
            await().atMost(SOON).until(() -> logged.text().contains("one can't be read"));
            assertThat(reloaded.now()).isEqualTo("1");
            assertThat(parsed).hasValue(0);
            assertThat(logged.text().split("cannot be used, so the previous one stays", -1))
                    .hasSize(3);
            write("3", "3");
            await().atMost(SOON).until(() -> reloaded.now().equals("3"));
            assertThat(logged.text()).contains("The pair was reloaded");
        }
    }

    @Test
    void aListenerThatFailsGetsTheNextVersion() {
        try (ReloadedFiles<String> reloaded = reloaded()) {
            reloaded.follow(now -> {
                if (now.equals("2")) throw new IllegalStateException("no");
            });
            write("2", "2");
            await().atMost(SOON).until(() -> parsed.get() == 2);
            assertThat(reloaded.now()).isEqualTo("1");
            write("3", "3");
            await().atMost(SOON).until(() -> reloaded.now().equals("3"));
        }
    }

    @Test
    void noFileOfOneVersionIsCombinedWithOneOfAnother() {
        try (EverythingLogged logged = new EverythingLogged();
                ReloadedFiles<String> reloaded = reloaded()) {
            reloaded.follow(now -> {});
            for (int i = 2; i < 3_000; i++) write("" + i, "" + i);
            await().atMost(SOON).until(() -> reloaded.now().equals("2999"));
            assertThat(logged.text()).doesNotContain("two versions");
        }
    }

    @Test
    void aFirstVersionThatCannotBeUsedStopsTheStart() throws Exception {
        write("1", "2");
        assertThatThrownBy(this::reloaded).isInstanceOf(InvalidSettings.class).hasMessage("These are two versions.");
        Files.delete(volume.file("two"));
        assertThatThrownBy(this::reloaded)
                .isInstanceOf(InvalidSettings.class)
                .hasMessage("The file " + volume.file("two") + " can't be read; check that it is mounted.");
    }

    private ReloadedFiles<String> reloaded() {
        return new ReloadedFiles<>("The pair", List.of(volume.file("one"), volume.file("two")), this::parse, OFTEN);
    }

    private String parse(List<String> contents) {
        parsed.incrementAndGet();
        if (!contents.get(0).equals(contents.get(1))) throw new InvalidSettings("These are two versions.");
        return contents.get(0);
    }

    private void write(String one, String two) {
        volume.write(Map.of("one", one, "two", two));
    }
}
