package dev.lunasec.tokenizer.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.s3.SignedRequest;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.RecordJson;
import dev.lunasec.tokenizer.vault.RecordCopies.Result;
import dev.lunasec.tokenizer.vault.StoreAndRedis.Pod;
import dev.lunasec.tokenizer.vault.Vault.NewToken;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Request;

/** Copies of records that one pod writes beside grants, and that another pod uses instead of the store. */
@Tag("embedded")
class RecordCopiesTest {
    private static final Keyring KEYRING = TestKeyring.of(1, 1);
    private static final String MAKER = "a".repeat(32);
    private static final String READER = "b".repeat(32);
    private static final Caller CALLER = new Caller(Kind.USER, "", "", "shop", "session", Set.of());

    @RegisterExtension
    private static final StoreAndRedis parts = new StoreAndRedis();

    private static RedisClient client;
    private static RedisCommands<String, String> redis;

    private final Pod writer = pod(KEYRING);

    /** The records that a pod other than the writer asks the store for. */
    private final AtomicInteger reads = new AtomicInteger();

    @BeforeAll
    static void connect() {
        client = RedisClient.create(parts.redis.url());
        redis = client.connect().sync();
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    @BeforeEach
    void limitMemory() {
        redis.configSet("maxmemory", "1gb");
    }

    @Test
    void theFirstUseAfterTokenizeOnAnotherPodAsksTheStoreForNothing() {
        IdentifiedToken token = copied();
        Pod reader = counting(KEYRING, true);
        assertThat(key(reader, MAKER, token)).isEqualTo(key(counting(KEYRING, false), MAKER, token));
        assertThat(reads).as("of the pod without copies").hasValue(1);
        assertThat(reader.copies().count(Result.USED)).isEqualTo(1);
    }

    @Test
    void theFirstUseAfterAGrantOnAnotherPodAsksTheStoreForNothing() {
        IdentifiedToken token = copied();
        String copy = redis.getdel(copyOf(token));
        writer.vault().grant(READER, token, Direction.STORE, Optional.empty(), OptionalInt.empty());
        writer.vault().grant(READER, token, Direction.READ, Optional.empty(), OptionalInt.of(1));
        await().until(() -> writer.copies().count(Result.WRITTEN) == 2);
        assertThat(redis.get(copyOf(token))).isEqualTo(copy);
        assertThat(key(counting(KEYRING, true), READER, token)).isNotEmpty();
        assertThat(reads).hasValue(0);
        assertThat(writer.copies().count(Result.REFUSED))
                .as("a grant for storing alone has no copy")
                .isZero();
    }

    @Test
    void aPodThatHasTheRecordInMemoryAsksForNoCopyAndNoPodKeepsWhatItReadFromOne() {
        IdentifiedToken token = copied();
        Pod reader = counting(KEYRING, true);
        Map<String, String> key = key(reader, MAKER, token);
        redis.del(copyOf(token));
        assertThat(key(reader, MAKER, token)).isEqualTo(key);
        assertThat(reads).as("without a copy").hasValue(1);
        assertThat(key(reader, MAKER, token)).isEqualTo(key);
        assertThat(reader.copies().count(Result.ABSENT)).isEqualTo(1);
        assertThat(reader.copies().count(Result.USED)).isEqualTo(1);
    }

    @Test
    void whatIsNotTheRecordOfTheTokenIsIgnoredAndTheStoreIsAsked() {
        IdentifiedToken token = copied();
        String right = redis.get(copyOf(token));
        String another = redis.get(copyOf(copied()));
        int body = right.indexOf("\"body\":\"") + 20;
        char flipped = right.charAt(body) == 'A' ? 'B' : 'A';
        Map<String, String> key = key(writer, MAKER, token);
        for (String wrong : List.of(
                "nonsense",
                "\u0000\uffff",
                "null",
                "{\"version\":1}",
                right + " ",
                right.substring(0, right.length() / 2),
                right.substring(0, body) + flipped + right.substring(body + 1),
                right.replace("\"expires\":null", "\"expires\":\"2999-01-01T00:00:00Z\""),
                right.replace("\"share\":1", "\"share\":2"),
                another,
                another.replaceFirst("\"id\":\"[0-9a-f]+\"", "\"id\":\"" + token.recordId() + "\""))) {
            redis.set(copyOf(token), wrong);
            reads.set(0);
            Pod reader = counting(KEYRING, true);
            assertThat(key(reader, MAKER, token)).as(wrong).isEqualTo(key);
            assertThat(reads).as(wrong).hasValue(1);
            assertThat(reader.copies().count(Result.UNUSABLE)).as(wrong).isEqualTo(1);
        }
    }

    @Test
    void aCopyUnderALiveShareIsUsedAndOneUnderARetiredShareIsNot() {
        IdentifiedToken token = copied();
        Map<String, String> key = key(writer, MAKER, token);
        Keyring rotating = TestKeyring.of(2, 1, 2);
        assertThat(key(counting(rotating, true), MAKER, token)).isEqualTo(key);
        assertThat(reads).hasValue(0);
        byte[] old = parts.bucket.get(Layout.record(1, token.recordId())).orElseThrow();
        byte[] moved = RecordJson.write(new RecordCipher(rotating).rewrap(RecordJson.read(old)));
        parts.bucket.put(Layout.record(2, token.recordId()), moved, RecordJson.TYPE);
        parts.bucket.delete(Layout.record(1, token.recordId()));
        Pod rotated = counting(TestKeyring.of(2, 2), true);
        assertThat(key(rotated, MAKER, token)).isEqualTo(key);
        assertThat(reads).hasValue(1);
        assertThat(rotated.copies().count(Result.UNUSABLE)).isEqualTo(1);
    }

    @Test
    void anExpiredTokenIsUnknownAlsoIfItHasACopy() {
        Instant soon = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 2);
        IdentifiedToken token = copied(soon);
        await().until(() -> Instant.now().isAfter(soon));
        failed(() -> key(counting(KEYRING, true), MAKER, token), ErrorCode.UNKNOWN_TOKEN);
        assertThat(reads).hasValue(1);
    }

    @Test
    void anErasedTokenIsUnknownAlsoIfACopyOfItComesBack() {
        IdentifiedToken token = copied();
        String copy = redis.get(copyOf(token));
        writer.vault().erase(token);
        assertThat(redis.exists(copyOf(token))).isZero();
        redis.set(copyOf(token), copy);
        failed(() -> key(counting(KEYRING, true), MAKER, token), ErrorCode.UNKNOWN_TOKEN);
    }

    @Test
    void aCopyThatWasBegunBeforeAnErasureIsNotWrittenAfterIt() throws Exception {
        IdentifiedToken token = copied();
        redis.del(copyOf(token));
        Semaphore hasRead = new Semaphore(0);
        Semaphore mayWrite = new Semaphore(0);
        Pod slow = parts.pod(
                KEYRING,
                new WatchedS3(parts.connection.s3(), new WatchedS3.Watch() {
                    @Override
                    public void after(S3Request request) {
                        if (!(request instanceof GetObjectRequest)) return;
                        hasRead.release();
                        mayWrite.acquireUninterruptibly();
                    }
                }),
                true);
        slow.vault().grant(READER, token, Direction.READ, Optional.empty(), OptionalInt.empty());
        assertThat(hasRead.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        writer.vault().erase(token);
        mayWrite.release();
        await().until(() -> slow.copies().count(Result.REFUSED) == 1);
        assertThat(redis.exists(copyOf(token))).isZero();
    }

    @Test
    void aRevokedSessionIsRefusedAndAnotherOneUsesTheCopy() {
        IdentifiedToken token = copied();
        writer.vault().grant(READER, token, Direction.READ, Optional.empty(), OptionalInt.empty());
        await().until(() -> writer.copies().count(Result.WRITTEN) == 2);
        writer.vault().revoke(MAKER, null);
        failed(() -> key(counting(KEYRING, true), MAKER, token), ErrorCode.NO_GRANT);
        assertThat(key(counting(KEYRING, true), READER, token)).isNotEmpty();
        assertThat(reads).hasValue(0);
    }

    @Test
    void aLargeRecordHasNoCopy() {
        byte[] metadata = ("{\"text\":\"" + "x".repeat(1_500) + "\"}").getBytes(StandardCharsets.UTF_8);
        NewToken made = writer.vault().begin(CALLER, MAKER, metadata, OptionalLong.empty(), null);
        writer.vault().store(made);
        await().until(() -> writer.copies().count(Result.SKIPPED) == 1);
        assertThat(redis.exists(copyOf(made.token()))).isZero();
        assertThat(key(counting(KEYRING, true), MAKER, made.token())).isNotEmpty();
    }

    @Test
    void whileRedisIsHalfFullOrTheStoreFailsCallsSucceedWithoutACopy() {
        redis.configSet("maxmemory", Long.toString(Long.parseLong(used()) * 3 / 2));
        NewToken made = writer.vault().begin(CALLER, MAKER, new byte[0], OptionalLong.empty(), null);
        writer.vault().store(made);
        IdentifiedToken token = made.token();
        await().until(() -> writer.copies().count(Result.REFUSED) == 1);
        Pod withoutStore = parts.pod(
                KEYRING,
                new WatchedS3(parts.connection.s3(), new WatchedS3.Watch() {
                    @Override
                    public void before(S3Request request) {
                        throw S3Exception.builder().statusCode(503).build();
                    }
                }),
                true);
        withoutStore.vault().grant(READER, token, Direction.READ, Optional.empty(), OptionalInt.empty());
        await().until(() -> withoutStore.copies().count(Result.FAILED) == 1);
        assertThat(redis.exists(copyOf(token))).isZero();
        assertThat(key(counting(KEYRING, true), READER, token)).isEqualTo(key(writer, MAKER, token));
    }

    @Test
    void aBoundedNumberOfCopiesIsPendingAndAPodThatStopsBeginsNone() {
        Semaphore mayRead = new Semaphore(0);
        AtomicInteger reading = new AtomicInteger();
        Pod slow = parts.pod(
                KEYRING,
                new WatchedS3(parts.connection.s3(), new WatchedS3.Watch() {
                    @Override
                    public void before(S3Request request) {
                        reading.incrementAndGet();
                        mayRead.acquireUninterruptibly();
                    }
                }),
                true);
        int over = 10;
        for (int i = 0; i < RecordCopies.PENDING + over; i++) {
            slow.copies().begin(MAKER, id(i));
        }
        await().until(() -> reading.get() == RecordCopies.READS);
        assertThat(slow.copies().count(Result.SKIPPED)).isEqualTo(over);
        mayRead.release(Integer.MAX_VALUE);
        slow.copies().close();
        int read = reading.get();
        long skipped = slow.copies().count(Result.SKIPPED);
        slow.copies().begin(MAKER, id(0));
        assertThat(slow.copies().count(Result.SKIPPED)).isEqualTo(skipped + 1);
        assertThat(reading).hasValue(read);
    }

    @Test
    void aPodThatStopsWritesNoCopyOfWhatItReadsAndCountsWhatAClosedClientFails() {
        IdentifiedToken one = copied();
        IdentifiedToken other = copied();
        redis.del(copyOf(one), copyOf(other));
        Semaphore reading = new Semaphore(0);
        Semaphore mayRead = new Semaphore(0);
        AtomicBoolean closedClient = new AtomicBoolean();
        Pod stopping = parts.pod(
                KEYRING,
                new WatchedS3(parts.connection.s3(), new WatchedS3.Watch() {
                    @Override
                    public void before(S3Request request) {
                        reading.release();
                        mayRead.acquireUninterruptibly();
                        if (closedClient.getAndSet(true)) throw new IllegalStateException("the client is closed");
                    }
                }),
                true);
        stopping.copies().begin(MAKER, one.recordId());
        stopping.copies().begin(MAKER, other.recordId());
        await().until(() -> reading.availablePermits() == 2);
        // The stop does not wait.
        Thread.currentThread().interrupt();
        stopping.copies().close();
        assertThat(Thread.interrupted()).isTrue();
        mayRead.release(2);
        await().until(() -> stopping.copies().count(Result.FAILED) == 1);
        await().until(() -> stopping.copies().count(Result.SKIPPED) == 1);
        assertThat(redis.exists(copyOf(one), copyOf(other))).isZero();
    }

    @Test
    void withoutTheSettingNothingIsWrittenOrAskedFor() {
        IdentifiedToken token = copied();
        String copy = redis.getdel(copyOf(token));
        Pod off = parts.pod(KEYRING, parts.connection.s3(), false);
        NewToken made = off.vault().begin(CALLER, MAKER, new byte[0], OptionalLong.empty(), null);
        off.vault().store(made);
        off.vault().grant(READER, token, Direction.READ, Optional.empty(), OptionalInt.empty());
        // Waits for copies that are being written.
        off.copies().close();
        assertThat(redis.exists(copyOf(token), copyOf(made.token()))).isZero();
        redis.set(copyOf(token), copy);
        assertThat(key(counting(KEYRING, false), READER, token)).isNotEmpty();
        assertThat(reads).as("although there is a copy").hasValue(1);
        for (Result result : Result.values())
            assertThat(off.copies().count(result)).isZero();
    }

    private static RecordId id(int number) {
        return new RecordId("%032x".formatted(number));
    }

    /** A token whose copy is in Redis. */
    private IdentifiedToken copied() {
        return copied(null);
    }

    private IdentifiedToken copied(@Nullable Instant expires) {
        NewToken made = writer.vault().begin(CALLER, MAKER, new byte[0], OptionalLong.empty(), expires);
        writer.vault().store(made);
        await().until(() -> redis.exists(copyOf(made.token())) == 1);
        return made.token();
    }

    private static Pod pod(Keyring keyring) {
        return parts.pod(keyring, parts.connection.s3(), true);
    }

    private Pod counting(Keyring keyring, boolean recordCopies) {
        return parts.pod(
                keyring,
                new WatchedS3(parts.connection.s3(), new WatchedS3.Watch() {
                    @Override
                    public void before(S3Request request) {
                        if (request instanceof GetObjectRequest) reads.incrementAndGet();
                    }
                }),
                recordCopies);
    }

    /** The headers of a download, which hold the key of the value. */
    private static Map<String, String> key(Pod pod, String holder, IdentifiedToken token) {
        SignedRequest download = pod.vault().download(token, pod.vault().use(holder, token));
        return download.headers();
    }

    private static String copyOf(IdentifiedToken token) {
        return "copy:{" + token.recordId() + "}";
    }

    private static String used() {
        return redis.info("memory")
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .findFirst()
                .orElseThrow()
                .substring("used_memory:".length());
    }

    private static void failed(Runnable attempt, ErrorCode code) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(code));
    }
}
