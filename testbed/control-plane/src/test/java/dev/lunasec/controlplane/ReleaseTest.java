package dev.lunasec.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("pure")
class ReleaseTest {

    @ParameterizedTest
    @CsvSource({"Linux, amd64, amd64", "Linux, x86_64, amd64", "Linux, aarch64, arm64"})
    void everyProgramIsPinnedForLinux(String os, String arch, String directory) {
        Release release = Release.of(os, arch).orElseThrow();
        assertThat(release.files())
                .extracting(Release.File::program)
                .containsExactlyInAnyOrder("etcd", "kube-apiserver", "kube-controller-manager", "kubectl");
        assertThat(release.files()).allSatisfy(file -> {
            assertThat(file.sha256()).matches("[0-9a-f]{64}");
            assertThat(file.uri()).hasScheme("https");
            assertThat(file.uri().getPath()).contains(directory);
        });
        assertThat(release.files()).extracting(Release.File::sha256).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"Mac OS X, aarch64", "Linux, riscv64", "Windows 11, amd64"})
    void elsewhereThereIsNothingToDownload(String os, String arch) {
        assertThat(Release.of(os, arch)).isEmpty();
    }

    @Test
    void theVersionsAreThoseThatGoBuilds() throws Exception {
        try (InputStream in = Objects.requireNonNull(Release.class.getResourceAsStream("go.mod"))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("k8s.io/kubernetes " + Release.KUBERNETES + "\n")
                    .contains("go.etcd.io/etcd/server/v3 " + Release.ETCD + "\n");
        }
    }
}
