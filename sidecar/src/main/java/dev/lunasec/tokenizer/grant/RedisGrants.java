package dev.lunasec.tokenizer.grant;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Grants as Redis hashes that expire by the clock of Redis. Each method runs one Lua script, in one round trip. */
public final class RedisGrants implements Grants, AutoCloseable {
    private static final RedisScript SET = RedisScript.load("set");
    private static final RedisScript READ = RedisScript.load("read");
    private static final RedisScript VERIFY = RedisScript.load("verify");
    private static final RedisScript ERASE = RedisScript.load("erase");

    /** What the scripts return if there is no grant for reading. */
    private static final long NOT_GRANTED = -1;

    /** What the scripts return if the record is marked as erased. */
    private static final long ERASED = -2;

    /** Where {@link #ping} writes: no record has this id, and no session has this name, because pseudonyms have 32 digits. */
    private static final String[] PING = keys("ping", new RecordId("0".repeat(32)));

    private static final Duration PING_LIFETIME = Duration.ofSeconds(10);

    private final RedisConnection redis;

    /**
     * Connects with the first call.
     *
     * @param url {@code redis://} or {@code rediss://}, with the password
     * @param trustedCA PEM of the only authority that may have signed the certificate of a {@code rediss://}; null for the public ones
     * @throws InvalidSettings for any other text, which is not repeated
     */
    public RedisGrants(String url, @Nullable String trustedCA) {
        redis = new RedisConnection(url, trustedCA);
    }

    @Override
    public void set(String session, RecordId record, Grant grant) {
        String uses = grant.uses().isPresent() ? Integer.toString(grant.uses().getAsInt()) : "";
        requireNotErased(
                redis.run(SET, keys(session, record), grant.direction().name(), millis(grant.duration()), uses));
    }

    @Override
    public boolean verify(String session, RecordId record) {
        return redis.run(VERIFY, keys(session, record)) == 1;
    }

    @Override
    public Duration use(String session, RecordId record) {
        return Duration.ofMillis(requireGranted(redis.run(READ, keys(session, record), "1")));
    }

    @Override
    public void check(String session, RecordId record) {
        requireGranted(redis.run(READ, keys(session, record), "0"));
    }

    @Override
    public Instant erase(RecordId record, Instant now, Duration remembered) {
        String[] mark = {mark(record)};
        return Instant.ofEpochSecond(redis.run(ERASE, mark, Long.toString(now.getEpochSecond()), millis(remembered)));
    }

    @Override
    public void ping() {
        redis.run(SET, PING, Direction.BOTH.name(), millis(PING_LIFETIME), "");
        if (redis.run(READ, PING, "0") <= 0) throw RedisConnection.unavailable(null);
    }

    @Override
    public void close() {
        redis.close();
    }

    private static long requireGranted(long left) {
        requireNotErased(left);
        if (left == NOT_GRANTED || left == 0) {
            throw new CallFailed(
                    ErrorCode.NO_GRANT,
                    "This session holds no valid grant for the token; ask the application for one.");
        }
        return left;
    }

    private static void requireNotErased(long answer) {
        if (answer != ERASED) return;
        throw new CallFailed(ErrorCode.UNKNOWN_TOKEN, "There is no record for this token; it has been erased.");
    }

    /**
     * The grant and the erase mark. The record is the hash tag, so all keys of one record are on one node of a Redis Cluster.
     */
    private static String[] keys(String session, RecordId record) {
        return new String[] {"grant:{" + record.hex() + "}:" + session, mark(record)};
    }

    private static String mark(RecordId record) {
        return "erased:{" + record.hex() + "}";
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
