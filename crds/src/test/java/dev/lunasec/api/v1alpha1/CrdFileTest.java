package dev.lunasec.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The committed CRD is the one that is generated from the records. */
@Tag("pure")
class CrdFileTest {
    @Test
    void theCommittedFileIsGeneratedFromTheRecords() throws IOException {
        String generated = CrdFile.generate();
        if (System.getProperty("crd.update") != null) {
            Files.createDirectories(CrdFile.PATH.getParent());
            Files.writeString(CrdFile.PATH, generated);
        }
        String committed = Files.exists(CrdFile.PATH) ? Files.readString(CrdFile.PATH) : "";
        assertThat(committed)
                .as("%s is outdated; run %s and commit the file", CrdFile.PATH, CrdFile.UPDATE)
                .isEqualTo(generated);
    }
}
