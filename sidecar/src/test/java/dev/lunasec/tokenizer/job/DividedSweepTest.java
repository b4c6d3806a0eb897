package dev.lunasec.tokenizer.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.testing.Death;
import dev.lunasec.tokenizer.testing.SmallPages;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.S3Request;

/** A sweep that is divided by the first digit of the ids. */
@Tag("embedded")
class DividedSweepTest {
    private static final StoreRetry SHORT = new StoreRetry(Duration.ofSeconds(1));

    @RegisterExtension
    private static final Rotating vault = new Rotating();

    /** The first and the last id of a digit too, and digits with no record, no marker, or neither. */
    @Test
    void aPageMayEndWhereADigitEnds() throws Exception {
        List<RecordId> erased = new ArrayList<>(ids("2", 3));
        erased.addAll(ids("3", 6));
        erased.addAll(ids("4", 2));
        erased.addAll(ids("5", 4));
        erased.add(new RecordId("f".repeat(32)));
        List<RecordId> kept = ids("a", 3);
        List<RecordId> markedOnly = ids("b", 3);
        for (int names = 1; names < 5; names++) {
            vault.clear();
            mark(erased);
            mark(markedOnly);
            put("records/1/", erased);
            put("records/1/", kept);
            Sweep.Done done = sweep(new SmallPages(vault.s3(), names));
            assertThat(vault.all("records/"))
                    .containsExactlyInAnyOrderElementsOf(
                            kept.stream().map(id -> Layout.record(1, id)).toList());
            assertThat(done.markers()).isEqualTo(19);
            assertThat(done.records()).isEqualTo(16);
            assertThat(done.left()).hasValue(3);
        }
    }

    /** A start marker and other names, of which some begin as an id does and fill several pages. */
    @Test
    void namesThatAreNoIdsArePassed() throws Exception {
        String digits = "0".repeat(30);
        String start = "start-1-" + "0".repeat(32);
        List<String> strays =
                List.of(start, "3", "3" + digits, "30" + digits + "0", "3g" + digits, "3ü", "A".repeat(32));
        for (String folder : List.of("erased/", "records/1/")) {
            for (String stray : strays) vault.put(folder + stray);
        }
        List<String> expected = vault.all("");
        List<RecordId> erased = List.of(new RecordId("31" + digits), new RecordId("3f" + digits));
        mark(erased);
        put("records/1/", erased);
        for (int names : new int[] {1, 2, 100}) {
            Sweep.Done done = sweep(new SmallPages(vault.s3(), names));
            assertThat(done.markers()).isEqualTo(2);
            assertThat(done.left()).hasValue(0);
        }
        assertThat(vault.all("records/")).isEqualTo(with("records/", expected));
        assertThat(vault.all("erased/")).hasSize(strays.size() + 2).containsAll(with("erased/", expected));
    }

    @Test
    void afterADeathInAnyDigitTheNextSweepGoesOn() throws Exception {
        for (int digit = 0; digit < Digits.ALL.size(); digit++) {
            vault.clear();
            RecordId dying = new RecordId(Digits.ALL.get(digit).repeat(32));
            RecordId other = new RecordId(Digits.ALL.get((digit + 8) % 16).repeat(32));
            mark(List.of(dying, other));
            put("records/1/", List.of(dying, other));
            DeathAtDeletion death = new DeathAtDeletion(Layout.record(1, dying), digit % 2 == 0);
            assertThat(Death.of(() -> sweep(new WatchedS3(vault.s3(), death)))).isTrue();
            sweep(vault.s3());
            assertThat(vault.all("")).containsExactlyInAnyOrder(Layout.erased(dying), Layout.erased(other));
        }
    }

    /** Each digit has three full pages of markers and four of records and of objects, and each listing an empty one. */
    @Test
    void markersRecordsAndObjectsAreListedOnce() throws Exception {
        for (String digit : Digits.ALL) {
            mark(ids(digit, 12));
            put("records/1/", ids(digit + "a", 16));
            put("objects/", ids(digit, 16));
        }
        AtomicInteger pages = new AtomicInteger();
        S3Client counted = new WatchedS3(vault.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                if (isPage(request)) pages.incrementAndGet();
            }
        });
        S3Client small = new SmallPages(counted, 4);
        Sweep.Done done = sweep(small);
        assertThat(new ValueCount(Rotating.by(small), SHORT).count(done.left().orElseThrow()))
                .isEqualTo(new ValueCount.Result(16 * 16, 16 * 16));
        assertThat(pages.get()).isEqualTo(16 * ((3 + 1) + (4 + 1) + (4 + 1)));
    }

    private static boolean isPage(S3Request request) {
        return switch (request) {
            case ListObjectsV2Request list -> list.delimiter() == null;
            case ListObjectVersionsRequest list -> list.delimiter() == null;
            default -> false;
        };
    }

    private static Sweep.Done sweep(S3Client s3) throws InterruptedException {
        return new Sweep(Rotating.by(s3), Rotating.KEYRING, Instant.MAX, SHORT).runAndCount();
    }

    /** Ids that begin so, the first one and then from the last one backwards. */
    private static List<RecordId> ids(String begin, int count) {
        int length = 32 - begin.length();
        return IntStream.range(0, count)
                .mapToObj(i -> i == 0 ? "0".repeat(length) : "f".repeat(length - 1) + Integer.toHexString(16 - i))
                .map(rest -> new RecordId(begin + rest))
                .toList();
    }

    private static void mark(List<RecordId> ids) {
        ids.forEach(vault::mark);
    }

    private static void put(String folder, List<RecordId> ids) {
        ids.forEach(id -> vault.put(folder + id));
    }

    private static List<String> with(String prefix, List<String> names) {
        return names.stream().filter(name -> name.startsWith(prefix)).toList();
    }

    /** The end of a process when it deletes an object; from then on it asks the store for nothing. */
    private static final class DeathAtDeletion implements WatchedS3.Watch {
        private final String name;
        private final boolean done;
        private volatile boolean dead;

        /** @param done whether the store has deleted the object */
        DeathAtDeletion(String name, boolean done) {
            this.name = name;
            this.done = done;
        }

        @Override
        public void before(S3Request request) {
            if (!done) dieAt(request);
            if (dead) throw new Death.Killed();
        }

        @Override
        public void after(S3Request request) {
            if (done) dieAt(request);
            if (dead) throw new Death.Killed();
        }

        private void dieAt(S3Request request) {
            if (request instanceof DeleteObjectRequest delete && delete.key().equals(name)) dead = true;
        }
    }
}
