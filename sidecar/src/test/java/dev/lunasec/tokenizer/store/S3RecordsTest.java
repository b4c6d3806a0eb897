package dev.lunasec.tokenizer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.testing.Death;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.testing.VaultBucket;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.ErasureClaims;
import dev.lunasec.tokenizer.token.Expiry;
import dev.lunasec.tokenizer.token.ExpiryEntry;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.ObjectName;
import dev.lunasec.tokenizer.token.Payload;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.RecordJson;
import dev.lunasec.tokenizer.token.Token;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Request;

/** Records in a real store, while one share is live and while two are. */
@Tag("embedded")
class S3RecordsTest {
    private static final Keyring ONE = TestKeyring.of(1, 1);
    private static final ObjectName OBJECT = new ObjectName("0".repeat(32));
    private static final Keyring BOTH = TestKeyring.of(2, 1, 2);

    private static VaultBucket store;
    private static S3Connection connection;

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

    @Test
    void aRecordIsFoundUnderTheShareThatItWasSealedWith() {
        Record old = record(ONE);
        new S3Records(Bucket.of(connection), ONE).put(old, OBJECT);
        assertThat(keys("records/1/")).contains("records/1/" + old.id());
        S3Records both = new S3Records(Bucket.of(connection), BOTH);
        assertThat(both.find(old.id())).isPresent();
        Record young = record(BOTH);
        both.put(young, OBJECT);
        assertThat(keys("records/2/")).contains("records/2/" + young.id());
        assertThat(both.find(young.id())).isPresent();
        assertThat(both.find(record(BOTH).id())).isEmpty();
    }

    @Test
    void aMarkerOfAnErasureWinsOverAnyRecordWhileRecordsMove() {
        Record record = record(ONE);
        new S3Records(Bucket.of(connection), ONE).put(record, OBJECT);
        erase(record);
        assertThat(new S3Records(Bucket.of(connection), BOTH).find(record.id())).isEmpty();
    }

    @Test
    void aQuarantinedRecordIsNotUnknownWhileItsShareIsLive() {
        Record record = record(ONE);
        put("quarantine/1/" + record.id(), "unreadable");
        S3Records both = new S3Records(Bucket.of(connection), BOTH);
        assertThatThrownBy(() -> both.find(record.id())).isInstanceOfSatisfying(CallFailed.class, failed -> {
            assertThat(failed.failure()).isEqualTo(ErrorCode.CORRUPT_RECORD);
            assertThat(failed.sentence()).contains(record.id().hex());
        });
        assertThat(new S3Records(Bucket.of(connection), ONE).find(record.id())).isEmpty();
        erase(record);
        assertThat(both.find(record.id())).isEmpty();
    }

    /** Others who need the record wait that long. An erased record in quarantine takes the most requests. */
    @Test
    void aSearchMakesNoMoreRequestsThanACallerWaitsForWhomAnotherOneLoadsTheRecord() {
        Record record = record(ONE);
        put("quarantine/1/" + record.id(), "unreadable");
        erase(record);
        for (Keyring keyring : List.of(ONE, BOTH)) {
            AtomicInteger requests = new AtomicInteger();
            S3Client counted = new WatchedS3(connection.s3(), new WatchedS3.Watch() {
                @Override
                public void before(S3Request request) {
                    requests.incrementAndGet();
                }
            });
            Bucket bucket = new Bucket(counted, VaultBucket.NAME, () -> requests.addAndGet(S3Records.IDENTITY));
            assertThat(new S3Records(bucket, keyring).find(record.id())).isEmpty();
            assertThat(requests).hasValue(S3Records.requestsOfSearch(keyring));
        }
    }

    @Test
    void whatIsNoRecordIsNeitherReadNorTakenForAbsent() {
        Record record = record(ONE);
        Record other = record(ONE);
        for (String content : new String[] {
            "", "nonsense", "{}", new String(RecordJson.write(other), StandardCharsets.UTF_8), "x".repeat(100_000)
        }) {
            put("records/1/" + record.id(), content);
            assertThatThrownBy(() -> new S3Records(Bucket.of(connection), ONE).find(record.id()))
                    .isInstanceOfSatisfying(CallFailed.class, failed -> {
                        assertThat(failed.failure()).isEqualTo(ErrorCode.CORRUPT_RECORD);
                        assertThat(failed.sentence()).contains(record.id().hex());
                    });
        }
    }

    @Test
    void aRecordThatWasReadIsReadFromMemory() {
        Record record = record(ONE);
        S3Records records = new S3Records(Bucket.of(connection), ONE);
        records.put(record, OBJECT);
        assertThat(records.find(record.id())).isPresent();
        connection.s3().deleteObject(delete -> delete.bucket(VaultBucket.NAME).key("records/1/" + record.id()));
        assertThat(records.find(record.id())).isPresent();
    }

    @Test
    void aRecordThatIsDeletedIsNowhereNotEvenInMemory() {
        Record record = record(ONE);
        S3Records both = new S3Records(Bucket.of(connection), BOTH);
        new S3Records(Bucket.of(connection), ONE).put(record, OBJECT);
        assertThat(both.exists(record.id())).isTrue();
        assertThat(both.find(record.id())).isPresent();
        both.delete(record.id());
        assertThat(both.find(record.id())).isEmpty();
        assertThat(both.exists(record.id())).isFalse();
    }

    @Test
    void aRecordThatMovesBetweenTwoLooksIsFound() throws Exception {
        Record moved = record(BOTH);
        try (MovingStore moving = new MovingStore("/vault/records/2/" + moved.id(), RecordJson.write(moved));
                S3Connection connection = moving.connection()) {
            assertThat(new S3Records(Bucket.of(connection), BOTH).find(moved.id()))
                    .isPresent();
            assertThat(moving.looks())
                    .containsExactly(
                            "GET /vault/records/2/" + moved.id(),
                            "GET /vault/records/1/" + moved.id(),
                            "GET /vault/records/2/" + moved.id(),
                            "GET /vault/erased/" + moved.id());
        }
    }

    @Test
    void aRecordThatExpiresIsWrittenAfterTheEntryByWhichTheSweepFindsIt() throws Exception {
        Token token = Token.random();
        Payload payload = Payload.withNewKey(new byte[0], OptionalLong.empty(), "");
        Instant expires = Instant.parse("2027-02-03T23:59:59Z");
        Record record = new RecordCipher(ONE).seal(token, payload, Instant.ofEpochSecond(1_767_225_600), expires);
        String entry = "expires/2027-02-03/" + record.id();
        for (int moment = 1; moment <= 4; moment++) {
            Bucket dying = new Bucket(new WatchedS3(connection.s3(), new Death(moment)), VaultBucket.NAME);
            assertThat(Death.of(() -> new S3Records(dying, ONE).put(record, ONE.objectName(token))))
                    .isTrue();
            boolean written = keys("records/1/").contains("records/1/" + record.id());
            assertThat(keys("expires/")).as("death %d", moment).hasSize(moment > 1 ? 1 : 0);
            assertThat(written).as("death %d", moment).isEqualTo(moment > 3);
        }
        byte[] content = Bucket.of(connection).get(entry).orElseThrow();
        assertThat(ExpiryEntry.read(content, record.id(), ONE))
                .hasValue(new Expiry(record.id(), ONE.objectName(token), expires));
        assertThat(new String(content, StandardCharsets.UTF_8))
                .as("nobody sees which object belongs to the record")
                .doesNotContain(ONE.objectName(token).hex());
    }

    private static void erase(Record record) {
        new S3ErasureMarkers(Bucket.of(connection), BOTH)
                .put(new ErasureClaims(
                        BOTH.vaultId(),
                        record.id(),
                        new ObjectName(record.id().hex()),
                        Instant.ofEpochSecond(1),
                        List.of(1, 2)));
    }

    private static Record record(Keyring keyring) {
        Payload payload = Payload.withNewKey(new byte[0], OptionalLong.empty(), "");
        return new RecordCipher(keyring).seal(Token.random(), payload, Instant.ofEpochSecond(1_767_225_600), null);
    }

    private static List<String> keys(String prefix) {
        return connection
                .s3()
                .listObjectsV2(list -> list.bucket(VaultBucket.NAME).prefix(prefix))
                .contents()
                .stream()
                .map(object -> object.key())
                .toList();
    }

    private static void put(String key, String content) {
        connection.s3().putObject(put -> put.bucket(VaultBucket.NAME).key(key), RequestBody.fromString(content));
    }
}
