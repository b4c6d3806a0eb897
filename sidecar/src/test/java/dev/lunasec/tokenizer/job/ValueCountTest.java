package dev.lunasec.tokenizer.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.testing.SmallPages;
import dev.lunasec.tokenizer.testing.VaultBucket;
import dev.lunasec.tokenizer.token.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tokens whose value was never uploaded: they are counted, and a sweep deletes neither them nor anything else. */
@Tag("embedded")
class ValueCountTest {
    private static final StoreRetry SHORT = new StoreRetry(Duration.ofSeconds(1));

    @RegisterExtension
    private static final Rotating vault = new Rotating();

    @Test
    void aRecordWithoutAValueIsCountedAndStays() throws Exception {
        assertThat(count()).isEqualTo(new ValueCount.Result(0, 0));
        Token uploaded = vault.token();
        vault.bucket.put("objects/" + Rotating.KEYRING.objectName(uploaded), new byte[1], "text/plain");
        vault.token();
        vault.bucket.put("quarantine/1/" + "0".repeat(32), new byte[1], "text/plain");
        vault.put("uploads/1/" + "0".repeat(32));
        List<String> before = vault.all("");
        assertThat(count()).isEqualTo(new ValueCount.Result(3, 1));
        assertThat(count().withoutValue()).isEqualTo(2);
        assertThat(vault.all("")).isEqualTo(before);
        assertThat(new ValueCount.Result(1, 5).withoutValue()).isZero();
    }

    /** Sixteen names, one for each digit, and five more of one digit; what has no name of a record is no record. */
    @Test
    void severalDigitsAndPagesAreCounted() throws Exception {
        for (String folder : List.of("records/1/", "objects/")) {
            for (String digit : Digits.ALL) vault.put(folder + digit.repeat(32));
            for (int i = 0; i < 5; i++) vault.put(folder + "7".repeat(31) + i);
            vault.put(folder + "7");
            vault.put(folder + "start-1");
        }
        for (int names = 1; names < 8; names++) {
            assertThat(count(Rotating.by(new SmallPages(vault.s3(), names)))).isEqualTo(new ValueCount.Result(21, 21));
        }
    }

    @Test
    void anUploadThatNobodyCompletesIsAbortedWhenItIsOld() {
        vault.s3()
                .createMultipartUpload(create -> create.bucket(VaultBucket.NAME).key("objects/a"));
        assertThat(vault.bucket.uploads().abortOlder(Duration.ofDays(2))).isZero();
        assertThat(vault.bucket.uploads().abortOlder(Duration.ofDays(-1))).isEqualTo(1);
        assertThat(vault.s3()
                        .listMultipartUploads(list -> list.bucket(VaultBucket.NAME))
                        .uploads())
                .isEmpty();
    }

    private static ValueCount.Result count() throws InterruptedException {
        return count(vault.bucket);
    }

    /** As a nightly sweep counts. */
    private static ValueCount.Result count(Bucket bucket) throws InterruptedException {
        Sweep.Done swept = new Sweep(bucket, Rotating.KEYRING, Instant.EPOCH, SHORT).runAndCount();
        return new ValueCount(bucket, SHORT).count(swept.left().orElseThrow());
    }
}
