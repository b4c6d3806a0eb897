package dev.lunasec.tokenizer.grant;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Grants as Redis hashes that expire by the clock of Redis. Each method runs one Lua script, in one round trip; an
 * erasure runs two. When Redis is full, it takes no new grants; reading, erasing and {@link #ping} work.
 */
public final class RedisGrants implements Grants, AutoCloseable {
    private static final RedisScript SET = RedisScript.load("set");
    private static final RedisScript READ = RedisScript.load("read");
    private static final RedisScript VERIFY = RedisScript.load("verify");
    private static final RedisScript ERASE = RedisScript.load("erase");
    private static final RedisScript LONGEST = RedisScript.load("longest");
    private static final RedisScript COUNT = RedisScript.load("count");

    /** What the scripts return if there is no grant for reading. */
    private static final long NOT_GRANTED = -1;

    /** What the scripts return if the record is marked as erased. */
    private static final long ERASED = -2;

    /** Lives at least as long as every grant that any pod has set, also one with another longest duration. */
    private static final String[] LONGEST_GRANT = {"longest-grant"};

    /** Longer than a pod sets grants after its last {@link #ping}, which its self-check repeats every ten seconds. */
    private static final Duration MARGIN = Duration.ofMinutes(10);

    /** How long a URL may be valid whose use was counted, because the URL itself can be used again and again. */
    private static final Duration COUNTED_URL = Duration.ofSeconds(10);

    private final RedisConnection redis;
    private final Duration maximumGrant;

    /**
     * Connects with the first call.
     *
     * @param url {@code redis://} or {@code rediss://}, with the password
     * @param trustedCA PEM of the only authority that may have signed the certificate of a {@code rediss://}; null for the public ones
     * @param maximumGrant how long a grant of this pod may last
     * @throws InvalidSettings for any other text, which is not repeated
     */
    public RedisGrants(String url, @Nullable String trustedCA, Duration maximumGrant) {
        redis = new RedisConnection(url, trustedCA);
        this.maximumGrant = maximumGrant;
    }

    @Override
    public void count(Granter granter, Duration lifetime) {
        String[] counts = {"granter:" + granter.pseudonym()};
        if (redis.run(COUNT, counts, millis(lifetime), Integer.toString(granter.maximum())) == 1) return;
        throw new CallFailed(
                ErrorCode.TOO_MANY_GRANTS,
                "This caller has set " + granter.maximum()
                        + " grants that are still valid, which is the maximum; wait until some expire.");
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
        return Duration.ofMillis(requireGranted(redis.run(READ, keys(session, record), "1", millis(COUNTED_URL))));
    }

    @Override
    public void check(String session, RecordId record) {
        requireGranted(redis.run(READ, keys(session, record), "0", millis(COUNTED_URL)));
    }

    @Override
    public Instant erase(RecordId record, Instant now, Duration remembered) {
        Duration longest = Duration.ofMillis(longest());
        String lifetime = millis(remembered.compareTo(longest) > 0 ? remembered : longest);
        return Instant.ofEpochSecond(
                redis.run(ERASE, new String[] {mark(record)}, Long.toString(now.getEpochSecond()), lifetime));
    }

    @Override
    public void ping() {
        if (longest() <= 0) throw RedisConnection.unavailable(null);
    }

    @Override
    public double memoryRatio() {
        return redis.memory().ratio();
    }

    @Override
    public void close() {
        redis.close();
    }

    private long longest() {
        return redis.run(LONGEST, LONGEST_GRANT, millis(maximumGrant.plus(MARGIN)));
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
