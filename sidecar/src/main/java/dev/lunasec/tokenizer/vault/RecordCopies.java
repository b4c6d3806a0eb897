package dev.lunasec.tokenizer.vault;

import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.GrantUse;
import dev.lunasec.tokenizer.grant.Grants;
import dev.lunasec.tokenizer.store.Records;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.RecordJson;
import dev.lunasec.tokenizer.token.UnreadableRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of sealed records in Redis, beside grants: the use of a grant that was set within the last minute gets the
 * grant and the record in one round trip. A call never waits until a copy is written, and never fails for it. Without a
 * copy, a use asks the store.
 *
 * <p>A pod copies only what the store told it, at most 30 seconds ago. It neither copies nor caches what it read from a
 * copy. So each copy ends within 90 seconds after the last answer of the store that had the record.
 */
public final class RecordCopies implements AutoCloseable {
    /** What became of a copy: the first four when it was to be written, the others when a use asked for it. */
    public enum Result {
        /** Redis keeps it. */
        WRITTEN,
        /** Redis keeps none: the grant or the record ended meanwhile, or Redis is half full. */
        REFUSED,
        /** There is no record, it is too large, too many copies wait to be written, or the pod stops. */
        SKIPPED,
        /** The store or Redis failed. */
        FAILED,
        /** It was used instead of the record in the store. */
        USED,
        /** There was none. */
        ABSENT,
        /** It does not open with the token under a live share, or the record has expired. */
        UNUSABLE
    }

    /** The largest record that is copied, in bytes of its text. About 1,270 bytes of metadata fit. */
    static final int LARGEST = 2 << 10;

    /** The most copies that wait to be written or are being written. */
    static final int PENDING = 1_024;

    /** The most records that are read from the store at the same time to be copied; the store has 64 connections. */
    static final int READS = 16;

    private static final Logger log = LoggerFactory.getLogger(RecordCopies.class);
    private static final long CLOSING_SECONDS = 5;

    private final boolean enabled;
    private final RecordCipher cipher;
    private final Grants grants;
    private final Records records;
    private final Clock clock;
    private final Semaphore pending = new Semaphore(PENDING);
    private final Semaphore reads = new Semaphore(READS);
    private final Map<Result, Long> counts = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param enabled if not, no copy is written, and none is asked for */
    public RecordCopies(boolean enabled, Keyring keyring, Grants grants, Records records, Clock clock) {
        this.enabled = enabled;
        this.cipher = new RecordCipher(keyring);
        this.grants = grants;
        this.records = records;
        this.clock = clock;
    }

    /** Begins to copy a record that the store just took, beside a grant of this session. */
    void begin(String session, Record record) {
        start(() -> write(session, record));
    }

    /** Begins to read a record, and to copy it beside a grant of this session. */
    void begin(String session, RecordId id) {
        start(() -> read(id).filter(record -> !closed)
                .map(record -> write(session, record))
                .orElse(Result.SKIPPED));
    }

    /**
     * Takes one use of a grant. Asks for the copy too unless this pod has the record in memory.
     *
     * @throws CallFailed as {@link Grants#use}
     */
    GrantUse use(String session, RecordId id) {
        if (!enabled || records.isCached(id)) return new GrantUse(grants.use(session, id), null);
        GrantUse use = grants.useWithCopy(session, id);
        if (use.copy() == null) counted(Result.ABSENT);
        return use;
    }

    /** The record of a token from the copy that a use has got; empty if there is none or it is not the right one. */
    Optional<OpenRecord> open(IdentifiedToken token, GrantUse use) {
        String copy = use.copy();
        if (copy == null) return Optional.empty();
        Optional<OpenRecord> opened = open(token, copy);
        counted(opened.isPresent() ? Result.USED : Result.UNUSABLE);
        return opened;
    }

    /** How many copies had a result since the start. */
    public long count(Result result) {
        return counts.getOrDefault(result, 0L);
    }

    /** Begins no further copies, and waits a few seconds for those that are being written. */
    @Override
    public void close() {
        closed = true;
        try {
            boolean unused = pending.tryAcquire(PENDING, CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void counted(Result result) {
        counts.merge(result, 1L, Long::sum);
    }

    private Optional<OpenRecord> open(IdentifiedToken token, String copy) {
        try {
            Record record = RecordJson.read(copy.getBytes(StandardCharsets.UTF_8));
            if (record.expired(clock.instant())) return Optional.empty();
            return Optional.of(new OpenRecord(record, cipher.open(token.token(), token.recordId(), record)));
        } catch (UnreadableRecord e) {
            return Optional.empty();
        }
    }

    private void start(Supplier<Result> task) {
        if (!enabled) return;
        if (!pending.tryAcquire()) {
            counted(Result.SKIPPED);
            return;
        }
        Thread.ofVirtual().name("record-copy").start(() -> {
            try {
                counted(closed ? Result.SKIPPED : task.get());
            } catch (CallFailed e) {
                counted(Result.FAILED);
            } catch (RuntimeException e) {
                counted(Result.FAILED);
                // A stop that has waited long enough closes the clients of a copy that is under way.
                if (!closed) log.error("a record was not copied because of a bug", e);
            } finally {
                pending.release();
            }
        });
    }

    private Optional<Record> read(RecordId id) {
        reads.acquireUninterruptibly();
        try {
            return closed ? Optional.empty() : records.find(id);
        } finally {
            reads.release();
        }
    }

    private Result write(String session, Record record) {
        byte[] text = RecordJson.write(record);
        if (text.length > LARGEST) return Result.SKIPPED;
        String sealed = new String(text, StandardCharsets.UTF_8);
        return grants.copy(session, record.id(), sealed) ? Result.WRITTEN : Result.REFUSED;
    }
}
