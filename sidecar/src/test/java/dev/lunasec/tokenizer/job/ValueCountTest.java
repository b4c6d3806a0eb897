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
        List<String> before = vault.all("");
        assertThat(count()).isEqualTo(new ValueCount.Result(3, 1));
        assertThat(count().withoutValue()).isEqualTo(2);
        new Sweep(vault.bucket, Rotating.KEYRING, Instant.EPOCH, SHORT).run();
        assertThat(vault.all("")).isEqualTo(before);
        assertThat(new ValueCount.Result(1, 5).withoutValue()).isZero();
    }

    @Test
    void severalPagesAreCounted() throws Exception {
        for (int i = 0; i < 101; i++) vault.bucket.put("records/1/" + i, new byte[1], "text/plain");
        Bucket pages = Rotating.by(new SmallPages(vault.s3(), 100));
        assertThat(new ValueCount(pages, SHORT).count().withoutValue()).isEqualTo(101);
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
        return new ValueCount(vault.bucket, SHORT).count();
    }
}
