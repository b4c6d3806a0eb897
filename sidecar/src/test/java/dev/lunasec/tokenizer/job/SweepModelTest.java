package dev.lunasec.tokenizer.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.testing.SmallPages;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Random buckets, and a naive sweep that looks for each id of a marker in each folder. */
@Tag("embedded")
class SweepModelTest {
    /** More than a digit lists at the same time. */
    private static final List<String> FOLDERS = List.of(
            "records/1/",
            "records/2/",
            "records/3/",
            "records/4/",
            "records/10/",
            "quarantine/1/",
            "quarantine/2/",
            "quarantine/3/",
            "quarantine/10/",
            "uploads/2/",
            "uploads/3/");

    private static final StoreRetry SHORT = new StoreRetry(Duration.ofSeconds(1));

    @RegisterExtension
    private static final Rotating vault = new Rotating();

    @Test
    void aRandomBucketIsSweptAsTheNaiveSweepDoes() throws Exception {
        for (int seed = 1; seed <= 6; seed++) {
            vault.clear();
            Random random = new Random(seed);
            Set<RecordId> marked = new LinkedHashSet<>();
            int forged = fill(random, marked);
            boolean young = random.nextBoolean();
            TreeSet<String> expected = new TreeSet<>(vault.all(""));
            int deleted = naiveSweep(expected, marked, young);
            Bucket pages = Rotating.by(new SmallPages(vault.s3(), 1 + random.nextInt(4)));
            Sweep.Done done =
                    new Sweep(pages, Rotating.KEYRING, young ? Instant.EPOCH : Instant.MAX, SHORT).runAndCount();
            assertThat(vault.all("")).as("seed %d", seed).containsExactlyElementsOf(expected);
            assertThat(done.markers()).as("seed %d", seed).isEqualTo(marked.size() + forged);
            assertThat(done.records()).as("seed %d", seed).isEqualTo(deleted);
            assertThat(done.objects()).as("seed %d", seed).isEqualTo(young ? marked.size() : 0);
            assertThat(done.left())
                    .as("seed %d", seed)
                    .hasValue(expected.stream().filter(SweepModelTest::isRecord).count());
        }
    }

    /** Puts records, values and markers; returns how many markers the vault did not write. */
    private static int fill(Random random, Set<RecordId> marked) {
        int forged = 0;
        for (int i = 0; i < 12; i++) {
            RecordId id = id(random);
            int marker = random.nextInt(5);
            if (marker < 2) {
                vault.mark(id);
                marked.add(id);
            } else if (marker == 2) {
                vault.put(Layout.erased(id));
                forged++;
            }
            for (int n = 0; n < 3; n++) vault.put(FOLDERS.get(random.nextInt(FOLDERS.size())) + id);
            if (random.nextBoolean()) vault.put("objects/" + id);
        }
        for (String folder : FOLDERS) vault.put(folder + "start-1");
        vault.put("erased/start-1");
        vault.put("erased/a");
        return forged;
    }

    /** Of few digits, so that several ids have the same one. */
    private static RecordId id(Random random) {
        byte[] id = new byte[16];
        random.nextBytes(id);
        id[0] &= 0x3f;
        return new RecordId(HexFormat.of().formatHex(id));
    }

    /** Returns how many records it has deleted from the names. */
    private static int naiveSweep(Set<String> names, Set<RecordId> marked, boolean young) {
        int deleted = 0;
        for (RecordId id : marked) {
            for (String folder : FOLDERS) if (names.remove(folder + id)) deleted++;
            if (young) names.remove("objects/" + id);
        }
        return deleted;
    }

    private static boolean isRecord(String name) {
        return (name.startsWith("records/") || name.startsWith("quarantine/"))
                && RecordId.isOne(name.substring(name.lastIndexOf('/') + 1));
    }
}
