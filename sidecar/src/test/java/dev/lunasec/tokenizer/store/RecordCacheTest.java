package dev.lunasec.tokenizer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** One load of a record at a time, what the callers get who wait for it, and loads in the background. */
@Tag("pure")
@Timeout(60)
class RecordCacheTest {
    private static final int CALLERS = 50;
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration LIFETIME = Duration.ofSeconds(30);
    private static final RecordId ID = id(0);

    private final RecordCache cache = new RecordCache(LONG);
    private final AtomicInteger loads = new AtomicInteger();
    private final CountDownLatch loading = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final RecordCache timed = new RecordCache(1 << 20, LONG, nanos::get);

    @Test
    void callersOfOneRecordShareOneLoad() throws Exception {
        Record record = record(ID, 100, 100);
        List<FutureTask<Optional<Record>>> calls = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) calls.add(start(() -> cache.get(ID, () -> slowly(Optional.of(record)))));
        awaitThatAllWait();
        mayEnd.countDown();
        for (FutureTask<Optional<Record>> call : calls)
            assertThat(call.get().orElseThrow()).isSameAs(record);
        assertThat(loads).hasValue(1);
        assertThat(cache.get(ID, RecordCacheTest::noLoad)).hasValue(record);
    }

    @Test
    void aFailureIsSharedByThoseWhoWaitAndIsNotKept() throws Exception {
        List<FutureTask<Optional<Record>>> calls = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            calls.add(start(() -> cache.get(ID, () -> {
                Optional<Record> unused = slowly(Optional.empty());
                throw new CallFailed(ErrorCode.STORAGE_UNAVAILABLE, "The store is down.");
            })));
        }
        awaitThatAllWait();
        mayEnd.countDown();
        for (FutureTask<Optional<Record>> call : calls) {
            assertThatThrownBy(call::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            CallFailed.class,
                            failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE));
        }
        assertThat(loads).hasValue(1);
        Record record = record(ID, 100, 100);
        assertThat(cache.get(ID, () -> Optional.of(record))).hasValue(record);
    }

    @Test
    void aRecordIsFoundThatWasWrittenDuringALoadThatFoundNone() throws Exception {
        FutureTask<Optional<Record>> before = start(() -> cache.get(ID, () -> slowly(Optional.empty())));
        loading.await();
        Record record = record(ID, 100, 100);
        FutureTask<Optional<Record>> after = start(() -> cache.get(ID, () -> Optional.of(record)));
        awaitThatAllWait();
        mayEnd.countDown();
        assertThat(before.get()).isEmpty();
        assertThat(after.get()).hasValue(record);
    }

    @Test
    void anAbsenceIsNotKept() {
        assertThat(cache.get(ID, Optional::empty)).isEmpty();
        Record record = record(ID, 100, 100);
        assertThat(cache.get(ID, () -> Optional.of(record))).hasValue(record);
    }

    @Test
    void aCallerDoesNotWaitLongForTheLoadOfAnother() throws Exception {
        RecordCache impatient = new RecordCache(Duration.ofMillis(50));
        Record record = record(ID, 100, 100);
        FutureTask<Optional<Record>> hanging = start(() -> impatient.get(ID, () -> slowly(Optional.of(record))));
        loading.await();
        assertThatThrownBy(() -> impatient.get(ID, RecordCacheTest::noLoad))
                .isInstanceOfSatisfying(
                        CallFailed.class,
                        failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE));
        mayEnd.countDown();
        assertThat(hanging.get()).hasValue(record);
    }

    @Test
    void aCallerWhoWaitsForTwoLoadsDoesNotWaitTwiceAsLong() throws Exception {
        FutureTask<Optional<Record>> first = start(() -> timed.get(ID, () -> slowly(Optional.empty())));
        loading.await();
        FutureTask<Optional<Record>> waiting = start(() -> timed.get(ID, RecordCacheTest::noLoad));
        awaitThatAllWait();
        timed.remove(ID);
        CountDownLatch secondMayEnd = new CountDownLatch(1);
        FutureTask<Optional<Record>> second = start(() -> timed.get(ID, () -> {
            hold(secondMayEnd);
            return Optional.empty();
        }));
        awaitThatAllWait();
        nanos.set(LONG.toNanos());
        mayEnd.countDown();
        assertThat(first.get()).isEmpty();
        assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS))
                .as("of the second load")
                .cause()
                .isInstanceOfSatisfying(
                        CallFailed.class,
                        failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE));
        secondMayEnd.countDown();
        assertThat(second.get()).isEmpty();
    }

    /**
     * So many that some of them share a lock with the hanging one in any map that locks during a load. No interrupt wakes
     * a thread that waits for such a lock, so the timeout must not depend on one.
     */
    @Test
    @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
    void aHangingLoadDelaysNoCallerOfAnotherRecord() throws Exception {
        FutureTask<Optional<Record>> hanging = start(() -> cache.get(ID, () -> slowly(Optional.empty())));
        loading.await();
        for (int i = 1; i < 1_000; i++) {
            Record record = record(id(i), 10, 10);
            assertThat(cache.get(record.id(), () -> Optional.of(record))).hasValue(record);
        }
        mayEnd.countDown();
        assertThat(hanging.get()).isEmpty();
    }

    @Test
    void aRecordThatIsRemovedDuringItsLoadIsNotKept() throws Exception {
        Record record = record(ID, 100, 100);
        FutureTask<Optional<Record>> call = start(() -> cache.get(ID, () -> slowly(Optional.of(record))));
        loading.await();
        cache.remove(ID);
        mayEnd.countDown();
        assertThat(call.get()).hasValue(record);
        assertThat(cache.get(ID, Optional::empty)).isEmpty();
    }

    @Test
    void theOpenedLayerCountsForTheBound() {
        Record one = record(id(1), 3_000, 3_000);
        Record two = record(id(2), 3_000, 3_000);
        RecordCache small = new RecordCache(10_000, LONG, System::nanoTime);
        assertThat(small.get(one.id(), () -> Optional.of(one))).isPresent();
        assertThat(small.get(two.id(), () -> Optional.of(two))).isPresent();
        await().untilAsserted(() -> assertThat(Stream.of(one, two)
                        .filter(record ->
                                small.get(record.id(), Optional::empty).isPresent()))
                .hasSize(1));
    }

    @Test
    void aRecordInUseIsLoadedAgainBeforeItsTimeIsOver() {
        Record first = record(ID, 100, 100);
        Record second = record(ID, 100, 100);
        assertThat(timed.get(ID, () -> Optional.of(first))).hasValue(first);
        after(RecordCache.EARLIEST_REFRESH.minusNanos(1));
        assertThat(timed.get(ID, RecordCacheTest::noLoad)).hasValue(first);
        after(RecordCache.LATEST_REFRESH);
        assertThat(timed.get(ID, () -> slowly(Optional.of(second))))
                .as("without a wait for the load")
                .hasValue(first);
        mayEnd.countDown();
        await().untilAsserted(
                        () -> assertThat(timed.get(ID, RecordCacheTest::noLoad)).hasValue(second));
        after(LIFETIME.plusSeconds(1));
        assertThat(timed.get(ID, RecordCacheTest::noLoad)).hasValue(second);
    }

    @Test
    void aRecordThatNobodyUsesIsNotLoadedAgain() {
        AtomicInteger found = new AtomicInteger();
        Supplier<Optional<Record>> counted = () -> {
            found.incrementAndGet();
            return Optional.of(record(ID, 100, 100));
        };
        assertThat(timed.get(ID, counted)).isPresent();
        after(LIFETIME);
        assertThat(timed.has(ID)).isFalse();
        assertThat(found).hasValue(1);
    }

    @Test
    void recordsThatWereLoadedTogetherAreNotLoadedTogetherTheNextTime() {
        AtomicInteger again = new AtomicInteger();
        List<Record> many =
                IntStream.range(0, 100).mapToObj(i -> record(id(i), 100, 100)).toList();
        for (Record record : many)
            assertThat(timed.get(record.id(), () -> Optional.of(record))).isPresent();
        Duration half =
                RecordCache.EARLIEST_REFRESH.plus(RecordCache.LATEST_REFRESH).dividedBy(2);
        List<Integer> loadsInEachHalf = new ArrayList<>();
        for (Duration time : List.of(half, RecordCache.LATEST_REFRESH)) {
            after(time);
            await().during(Duration.ofMillis(300)).until(() -> {
                int before = again.get();
                for (Record record : many) {
                    assertThat(timed.get(record.id(), () -> {
                                again.incrementAndGet();
                                return Optional.of(record);
                            }))
                            .isPresent();
                }
                return again.get() == before;
            });
            loadsInEachHalf.add(again.getAndSet(0));
        }
        assertThat(loadsInEachHalf).allSatisfy(number -> assertThat(number).isBetween(10, 90));
    }

    @Test
    void aRecordThatCannotBeLoadedAgainStaysUntilItsTimeIsOver() {
        Record record = record(ID, 100, 100);
        assertThat(timed.get(ID, () -> Optional.of(record))).hasValue(record);
        AtomicInteger failures = new AtomicInteger();
        Supplier<Optional<Record>> failing = () -> {
            failures.incrementAndGet();
            throw new CallFailed(ErrorCode.STORAGE_UNAVAILABLE, "The store is down.");
        };
        after(RecordCache.LATEST_REFRESH);
        for (int i = 0; i < 100; i++) assertThat(timed.get(ID, failing)).hasValue(record);
        await().untilAsserted(() -> assertThat(failures).hasValue(1));
        after(LIFETIME);
        await().untilAsserted(() -> assertThatThrownBy(() -> timed.get(ID, failing))
                .isInstanceOf(CallFailed.class)
                .hasMessage("The store is down."));
        assertThat(timed.get(ID, () -> Optional.of(record))).hasValue(record);
    }

    @Test
    void aRecordThatIsGoneWhenItIsLoadedAgainIsRemoved() {
        assertThat(timed.get(ID, () -> Optional.of(record(ID, 100, 100)))).isPresent();
        after(RecordCache.LATEST_REFRESH);
        assertThat(timed.get(ID, Optional::empty)).isPresent();
        await().untilAsserted(() -> assertThat(timed.has(ID)).isFalse());
    }

    @Test
    void aRecordThatIsRemovedWhileItIsLoadedAgainIsNotKept() throws Exception {
        Record record = record(ID, 100, 100);
        assertThat(timed.get(ID, () -> Optional.of(record))).isPresent();
        after(RecordCache.LATEST_REFRESH);
        CountDownLatch ended = new CountDownLatch(1);
        assertThat(timed.get(ID, () -> {
                    Optional<Record> found = slowly(Optional.of(record));
                    ended.countDown();
                    return found;
                }))
                .isPresent();
        loading.await();
        timed.remove(ID);
        mayEnd.countDown();
        ended.await();
        await().untilAsserted(() -> assertThat(timed.get(ID, Optional::empty)).isEmpty());
    }

    @Test
    void loadsInTheBackgroundAreBounded() {
        List<Record> many = IntStream.rangeClosed(0, RecordCache.REFRESHES)
                .mapToObj(i -> record(id(i), 100, 100))
                .toList();
        for (Record record : many)
            assertThat(timed.get(record.id(), () -> Optional.of(record))).isPresent();
        after(RecordCache.LATEST_REFRESH);
        for (Record record : many)
            assertThat(timed.get(record.id(), () -> slowly(Optional.of(record))))
                    .hasValue(record);
        await().untilAsserted(() -> assertThat(loads).hasValue(RecordCache.REFRESHES));
        mayEnd.countDown();
        Record last = many.getLast();
        CountDownLatch loaded = new CountDownLatch(1);
        await().untilAsserted(() -> {
            assertThat(timed.get(last.id(), () -> {
                        loaded.countDown();
                        return Optional.of(last);
                    }))
                    .hasValue(last);
            assertThat(loaded.getCount()).as("the last one has its turn").isZero();
        });
        assertThat(loads).hasValue(RecordCache.REFRESHES);
    }

    private void after(Duration time) {
        nanos.set(time.toNanos());
    }

    private Optional<Record> slowly(Optional<Record> found) {
        loads.incrementAndGet();
        loading.countDown();
        hold(mayEnd);
        return found;
    }

    private static void hold(CountDownLatch event) {
        try {
            event.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private FutureTask<Optional<Record>> start(Callable<Optional<Record>> call) {
        FutureTask<Optional<Record>> task = new FutureTask<>(call);
        threads.add(Thread.startVirtualThread(task));
        return task;
    }

    private void awaitThatAllWait() {
        await().until(() -> threads.stream()
                .map(Thread::getState)
                .allMatch(state -> state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING));
    }

    private static Optional<Record> noLoad() {
        throw new AssertionError("the record is loaded");
    }

    private static RecordId id(int number) {
        return new RecordId(String.format(Locale.ROOT, "%032x", number));
    }

    private static Record record(RecordId id, int body, int inner) {
        return new Record(id, 1, Instant.EPOCH, null, new byte[32], new byte[body], new byte[inner]);
    }
}
