package dev.lunasec.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The names are those of buckets that are in use: a change of one loses records. */
@Tag("pure")
class BucketLayoutTest {
    @Test
    void theNamesAreThoseOfExistingBuckets() {
        assertThat(BucketLayout.record(2, "ab")).isEqualTo("records/2/ab");
        assertThat(BucketLayout.quarantined(2, "ab")).isEqualTo("quarantine/2/ab");
        assertThat(BucketLayout.upload(2, "ab")).isEqualTo("uploads/2/ab");
        assertThat(BucketLayout.erased("ab")).isEqualTo("erased/ab");
        assertThat(BucketLayout.expiring(LocalDate.of(2030, 1, 31))).isEqualTo("expires/2030-01-31/");
        assertThat(BucketLayout.object("ab")).isEqualTo("objects/ab");
        assertThat(BucketLayout.canary("ab")).isEqualTo("canary/ab");
        VaultId vault = VaultId.of(new byte[32]);
        assertThat(BucketLayout.startMarkers(vault, 2))
                .containsExactly(
                        "records/start-2-" + vault,
                        "uploads/start-2-" + vault,
                        "quarantine/start-2-" + vault,
                        "erased/start-2-" + vault);
        assertThat(BucketLayout.FOLDERS)
                .containsExactlyInAnyOrder(
                        "records/", "quarantine/", "uploads/", "erased/", "expires/", "objects/", "canary/", "vault/");
    }

    @Test
    void theShareOfAFolderIsRead() {
        for (String folder : BucketLayout.sealedWith(999_999_999)) {
            assertThat(BucketLayout.shareOf(folder)).as(folder).hasValue(999_999_999);
        }
        for (String none : new String[] {"records/", "records/0/", "records/01/", "records/1", "quarantine/1/"}) {
            assertThat(BucketLayout.shareOf(none)).as(none).isEmpty();
        }
    }

    @Test
    void theDayOfAFolderIsRead() {
        LocalDate day = LocalDate.of(2030, 1, 31);
        assertThat(BucketLayout.dayOf(BucketLayout.expiring(day))).hasValue(day);
        for (String none : new String[] {"expires/", "expires/2030-02-31/", "expires/2030-01-31", "expires/soon/"}) {
            assertThat(BucketLayout.dayOf(none)).as(none).isEmpty();
        }
    }
}
