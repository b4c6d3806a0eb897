package dev.lunasec.tokenizer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.s3.S3Connection;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.testing.VaultBucket;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.Payload;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.RecordJson;
import dev.lunasec.tokenizer.token.Token;
import dev.lunasec.tokenizer.token.UnreadableRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.S3Request;

/** What a pod keeps of a record of a real store, and how many requests it makes for it. */
@Tag("embedded")
class RecordsInMemoryTest {
    private static final Keyring BEFORE = TestKeyring.of(1, 1);
    private static final Keyring DURING = TestKeyring.of(2, 1, 2);
    private static final Keyring AFTER = TestKeyring.of(2, 2);
    private static final int CALLERS = 20;

    private static VaultBucket store;
    private static S3Connection connection;

    private final Token token = Token.random();
    private final Payload payload = Payload.withNewKey(new byte[0], OptionalLong.empty(), "");
    private final Record record =
            new RecordCipher(BEFORE).seal(token, payload, Instant.ofEpochSecond(1_767_225_600), null);

    @BeforeAll
    static void start() {
        store = new VaultBucket();
        connection = store.connection();
    }

    @AfterAll
    static void stop() {
        connection.close();
        store.close();
    }

    @BeforeEach
    void store() {
        new S3Records(Bucket.of(connection), BEFORE).put(record, BEFORE.objectName(token));
    }

    @Test
    void callersThatNeedARecordAtTheSameTimeMakeOneRequest() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        CountDownLatch mayEnd = new CountDownLatch(1);
        WatchedS3 slow = new WatchedS3(connection.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                requests.incrementAndGet();
                try {
                    mayEnd.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        S3Records records = new S3Records(new Bucket(slow, VaultBucket.NAME), BEFORE);
        List<FutureTask<Optional<Record>>> calls = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            FutureTask<Optional<Record>> call = new FutureTask<>(() -> records.find(record.id()));
            calls.add(call);
            threads.add(Thread.startVirtualThread(call));
        }
        await().until(() -> threads.stream()
                .map(Thread::getState)
                .allMatch(state -> state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING));
        mayEnd.countDown();
        for (FutureTask<Optional<Record>> call : calls) assertThat(call.get()).isPresent();
        assertThat(requests).hasValue(1);
    }

    @Test
    void aShareThatIsRemovedRightAfterItsRecordWasReadOpensNothingAnyMore() {
        S3Records during = new S3Records(Bucket.of(connection), DURING);
        Record cached = during.find(record.id()).orElseThrow();
        assertThat(cached.inner()).as("the outer layer is opened").isNotNull();
        Bucket bucket = Bucket.of(connection);
        Record moved = new RecordCipher(DURING).rewrap(cached);
        bucket.put(Layout.record(2, record.id()), RecordJson.write(moved), RecordJson.TYPE);
        bucket.delete(Layout.record(1, record.id()));
        Record known = during.find(record.id()).orElseThrow();
        assertThat(new RecordCipher(DURING).open(token, known).dek()).isEqualTo(payload.dek());
        RecordCipher after = new RecordCipher(AFTER);
        assertThatThrownBy(() -> after.open(token, known)).isInstanceOf(UnreadableRecord.class);
        Record found = new S3Records(bucket, AFTER).find(record.id()).orElseThrow();
        assertThat(found.share()).isEqualTo(2);
        assertThat(after.open(token, found).dek()).isEqualTo(payload.dek());
    }
}
