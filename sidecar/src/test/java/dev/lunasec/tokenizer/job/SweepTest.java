package dev.lunasec.tokenizer.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.s3.VersionListing.Version;
import dev.lunasec.testbed.EverythingLogged;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.store.RecordFolder;
import dev.lunasec.tokenizer.testing.Death;
import dev.lunasec.tokenizer.testing.SmallPages;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.ErasureClaims;
import dev.lunasec.tokenizer.token.ErasureMarker;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.ObjectName;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.Token;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.S3Client;

/** What a sweep finds in listings that may be of any length. */
@Tag("embedded")
class SweepTest {
    private static final Instant BEGINNING = Instant.EPOCH;
    private static final Instant NOT_YET = Instant.MAX;
    private static final String[] FOLDERS = {"records/1/", "records/2/", "records/7/", "quarantine/1/", "quarantine/3/"
    };

    private static final StoreRetry SHORT = new StoreRetry(Duration.ofSeconds(1));

    @RegisterExtension
    private static final Rotating vault = new Rotating();

    @Test
    void whatStandsBesideItsMarkerIsDeletedAndNothingElse() throws Exception {
        Random random = new Random(1);
        List<String> expected = new ArrayList<>();
        for (String folder : FOLDERS) {
            for (int i = 0; i < 30; i++) {
                RecordId id = id(random);
                if (random.nextBoolean()) expected.add(mark(id));
                else expected.add(put(folder + id));
                if (expected.get(expected.size() - 1).startsWith("erased")) put(folder + id);
            }
        }
        expected.add(put("records/1/" + "0".repeat(31)));
        expected.add(put("records/stray"));
        expected.add(put("erased/stray"));
        expected.add(mark(new RecordId("0".repeat(32))));
        expected.add(mark(new RecordId("f".repeat(32))));
        Sweep.Done done = sweep(vault.s3(), NOT_YET);
        Collections.sort(expected);
        assertThat(vault.all("")).containsExactlyElementsOf(expected);
        long markers =
                expected.stream().filter(key -> key.startsWith("erased/")).count() - 1;
        assertThat(done.markers()).isEqualTo(markers);
        assertThat(done.records()).isEqualTo(markers - 2);
        assertThat(done.objects()).isZero();
        assertThat(sweep(vault.s3(), NOT_YET).records()).isZero();
    }

    @Test
    void listingsOfSeveralPagesAreMerged() throws Exception {
        Random random = new Random(2);
        TreeSet<String> expected = new TreeSet<>();
        for (int i = 0; i < 110; i++) {
            RecordId id = id(random);
            expected.add(mark(id));
            put("records/2/" + id);
            expected.add(put("records/2/" + id(random)));
            if (i % 3 == 0) expected.add(mark(id(random)));
            // Before the folders of the shares, and more than a page.
            expected.add(put("records/!" + i));
        }
        // Each digit has several pages of both.
        Sweep.Done done = sweep(new SmallPages(vault.s3(), 5), NOT_YET);
        assertThat(done.records()).isEqualTo(110);
        assertThat(vault.all("")).containsExactlyElementsOf(expected);
    }

    @Test
    void aValueThatWasUploadedWhileItWasErasedIsDeletedWhileItsMarkerIsYoung() throws Exception {
        Token token = vault.token();
        ObjectName object = Rotating.KEYRING.objectName(token);
        RecordId id = Rotating.id(token);
        vault.bucket.delete(Layout.record(1, id));
        mark(id, object);
        String other = put("objects/" + "0".repeat(32));
        put(Layout.object(object));
        assertThat(sweep(vault.s3(), NOT_YET).objects()).as("an old marker").isZero();
        assertThat(vault.all("objects/")).hasSize(2);
        assertThat(sweep(vault.s3(), BEGINNING).objects()).isEqualTo(1);
        assertThat(vault.all("")).containsExactly("erased/" + id, other);
    }

    @Test
    void aForgedMarkerDeletesNothingAndIsReported() throws Exception {
        RecordId id = id(new Random(3));
        ObjectName object = new ObjectName("0".repeat(32));
        String value = put(Layout.object(object));
        String record = put(Layout.record(1, id));
        byte[] ofAnother = marker(id(new Random(4)), object, Rotating.KEYRING);
        byte[] ofAStranger = marker(id, object, Rotating.stranger());
        for (byte[] forged : List.of(utf8(""), utf8("nonsense"), ofAnother, ofAStranger)) {
            vault.bucket.put(Layout.erased(id), forged, "text/plain");
            try (EverythingLogged logged = new EverythingLogged()) {
                Sweep.Done done = sweep(vault.s3(), BEGINNING);
                assertThat(List.of(done.records(), done.objects())).containsOnly(0L);
                assertThat(logged.text()).contains("WARN", "did not write the erasure marker of the record " + id);
            }
            assertThat(vault.all("")).containsExactly("erased/" + id, value, record);
        }
    }

    @Test
    void aForgedMarkerHidesNoRecordAndDoesNotStopItsMove() throws Exception {
        RecordId id = Rotating.id(vault.token());
        vault.bucket.put(Layout.erased(id), marker(id, new ObjectName(id.hex()), Rotating.stranger()), "text/plain");
        vault.allRead(Rotating.KEYRING);
        Version only = new Version(Layout.record(1, id), null, false, true);
        assertThat(new RecordMove(vault.bucket, Rotating.KEYRING, RecordFolder.RECORDS, 1).of(id, only))
                .isEqualTo(RecordMove.Outcome.MOVED);
        vault.allRead(Rotating.AFTER);
    }

    /** Which requests these are differs from run to run, because a sweep lists several digits at the same time. */
    @Test
    void afterADeathAtAnyThirdMomentTheNextSweepGoesOn() throws Exception {
        int moment = 1;
        for (boolean died = true; died; moment += 3) {
            vault.clear();
            Token token = vault.token();
            RecordId id = Rotating.id(token);
            put("quarantine/1/" + id);
            put(Layout.object(Rotating.KEYRING.objectName(token)));
            mark(id, Rotating.KEYRING.objectName(token));
            Death death = new Death(moment);
            died = Death.of(() -> sweep(new WatchedS3(vault.s3(), death), BEGINNING));
            assertThat(died).isEqualTo(death.came());
            sweep(vault.s3(), BEGINNING);
            assertThat(vault.all("")).containsExactly("erased/" + id);
        }
        assertThat(moment).isGreaterThan(20);
    }

    @Test
    void anEmptyVaultHasNothingToSweep() throws Exception {
        Sweep.Done done = sweep(vault.s3(), BEGINNING);
        assertThat(List.of(done.markers(), done.records(), done.objects())).containsOnly(0L);
    }

    private static Sweep.Done sweep(S3Client s3, Instant young) throws InterruptedException {
        return new Sweep(Rotating.by(s3), Rotating.KEYRING, young, SHORT).run();
    }

    private static String mark(RecordId id) {
        return mark(id, new ObjectName(id.hex()));
    }

    private static String mark(RecordId id, ObjectName object) {
        vault.bucket.put(Layout.erased(id), marker(id, object, Rotating.KEYRING), ErasureMarker.TYPE);
        return Layout.erased(id);
    }

    private static byte[] marker(RecordId id, ObjectName object, Keyring keyring) {
        return ErasureMarker.write(
                new ErasureClaims(keyring.vaultId(), id, object, Instant.ofEpochSecond(1), List.of(1, 2)), keyring);
    }

    private static String put(String key) {
        vault.bucket.put(key, new byte[1], "text/plain");
        return key;
    }

    private static RecordId id(Random random) {
        return new RecordId(String.format("%016x%016x", random.nextLong(), random.nextLong()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
