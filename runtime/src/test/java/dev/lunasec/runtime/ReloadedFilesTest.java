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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are replaced as the kubelet does it. */
class ReloadedFilesTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration OFTEN = Duration.ofMillis(5);

    @TempDir
    Path folder;

    private KubeletVolume volume;
    private final AtomicInteger looks = new AtomicInteger();

    @BeforeEach
    void mount() {
        volume = new KubeletVolume(folder.resolve("mounted"));
        write("1", "1");
    }

    @Test
    void aNewVersionIsFoundAndToldOnce() {
        List<String> told = new CopyOnWriteArrayList<>();
        try (ReloadedFiles<String> renewed = renewed()) {
            assertThat(renewed.now()).isEqualTo("1");
            renewed.follow(told::add);
            write("2", "2");
            await().atMost(SOON).until(() -> renewed.now().equals("2"));
            write("3", "3");
            await().atMost(SOON).until(() -> renewed.now().equals("3"));
            assertThat(told).containsExactly("2", "3");
        }
    }

    @Test
    void aVersionThatIsNoGoodIsSaidOnceAndTheOneBeforeStays() throws Exception {
        try (EverythingLogged logged = new EverythingLogged();
                ReloadedFiles<String> renewed = renewed()) {
            renewed.follow(now -> {});
            write("2", "another");
            await().atMost(SOON).until(() -> logged.text().contains("no good"));
            looks.set(0);
            // It is looked at, and made of the files, no second time.
            Files.delete(volume.file("one"));
            await().atMost(SOON).until(() -> logged.text().contains("one can't be read"));
            assertThat(renewed.now()).isEqualTo("1");
            assertThat(looks).hasValue(0);
            assertThat(logged.text().split("no good, so the one before stays", -1))
                    .hasSize(3);
            write("3", "3");
            await().atMost(SOON).until(() -> renewed.now().equals("3"));
            assertThat(logged.text()).contains("The pair was renewed");
        }
    }

    @Test
    void aListenerThatFailsIsAskedAgainWithTheNextVersion() {
        try (ReloadedFiles<String> renewed = renewed()) {
            renewed.follow(now -> {
                if (now.equals("2")) throw new IllegalStateException("no");
            });
            write("2", "2");
            await().atMost(SOON).until(() -> looks.get() == 2);
            assertThat(renewed.now()).isEqualTo("1");
            write("3", "3");
            await().atMost(SOON).until(() -> renewed.now().equals("3"));
        }
    }

    @Test
    void noFileOfOneVersionGoesWithOneOfAnother() {
        try (EverythingLogged logged = new EverythingLogged();
                ReloadedFiles<String> renewed = renewed()) {
            renewed.follow(now -> {});
            for (int i = 2; i < 3_000; i++) write("" + i, "" + i);
            await().atMost(SOON).until(() -> renewed.now().equals("2999"));
            assertThat(logged.text()).doesNotContain("two versions");
        }
    }

    @Test
    void whatIsNoGoodToBeginWithEndsTheStart() throws Exception {
        write("1", "2");
        assertThatThrownBy(this::renewed).isInstanceOf(InvalidSettings.class).hasMessage("These are two versions.");
        Files.delete(volume.file("two"));
        assertThatThrownBy(this::renewed)
                .isInstanceOf(InvalidSettings.class)
                .hasMessage("The file " + volume.file("two") + " can't be read; see that it is mounted.");
    }

    private ReloadedFiles<String> renewed() {
        return new ReloadedFiles<>("The pair", List.of(volume.file("one"), volume.file("two")), this::make, OFTEN);
    }

    private String make(List<String> contents) {
        looks.incrementAndGet();
        if (!contents.get(0).equals(contents.get(1))) throw new InvalidSettings("These are two versions.");
        return contents.get(0);
    }

    private void write(String one, String two) {
        volume.write(Map.of("one", one, "two", two));
    }
}
