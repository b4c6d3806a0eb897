package dev.lunasec.tokenizer.grant;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.NoGrantReason;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.token.RecordId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Grants as Redis hashes that expire by the clock of Redis. A check takes one round trip. When Redis is full, it takes
 * no new grants; reading, revoking, erasing and {@link #ping} work.
 *
 * <p>A grant names two epochs, random numbers: one of its record and one of its session. It holds only while both are
 * in Redis and the same. A revocation deletes an epoch, and the next grant makes another one. So the loss of any key
 * refuses.
 *
 * <p>The class is long because it has one method for each script.
 */
public final class RedisGrants implements Grants, AutoCloseable {
    private static final RedisScript SESSION = RedisScript.load("session");
    private static final RedisScript SET = RedisScript.load("set");
    private static final RedisScript READ = RedisScript.load("read");
    private static final RedisScript STORE = RedisScript.load("store");
    private static final RedisScript ERASED_RECORD = RedisScript.load("erased");
    private static final RedisScript VERIFY = RedisScript.load("verify");
    private static final RedisScript REVOKE = RedisScript.load("revoke");
    private static final RedisScript ERASE = RedisScript.load("erase");
    private static final RedisScript LONGEST = RedisScript.load("longest");
    private static final RedisScript COUNT = RedisScript.load("count");
    private static final RedisScript COPY = RedisScript.load("copy");

    /** What the scripts return if the record is marked as erased. */
    private static final long ERASED = -2;

    /** Longer than a pod sets grants after its last {@link #ping}, which its self-check repeats every ten seconds. */
    private static final Duration MARGIN = Duration.ofMinutes(10);

    /**
     * How much longer than a grant its epochs live at least; longer than it takes to set the grant after the first one.
     */
    private static final Duration EPOCH_MARGIN = Duration.ofSeconds(10);

    /** How much longer they live if their lifetime has to be extended. */
    private static final Duration EPOCH_EXTENSION = Duration.ofSeconds(60);

    private static final SecureRandom RANDOM = new SecureRandom();

    /** How long a URL may be valid whose use was counted, because the URL itself can be used again and again. */
    private static final Duration COUNTED_URL = Duration.ofSeconds(10);

    /** How long a copy of a record lives at most. */
    private static final Duration COPY_LIFETIME = Duration.ofSeconds(60);

    private final RedisConnection redis;
    private final Duration maximumGrant;

    /**
     * Connects with the first call.
     *
     * @param url as {@link dev.lunasec.contract.RedisUrl} describes it
     * @param trustedCA PEM of the only authority that may have signed the certificates of a Redis with TLS; null for
     *     the public ones
     * @param maximumGrant how long a grant of this pod may last
     * @throws InvalidSettings for any other text, which is not repeated
     */
    public RedisGrants(String url, @Nullable String trustedCA, Duration maximumGrant) {
        redis = new RedisConnection(url, trustedCA);
        this.maximumGrant = maximumGrant;
    }

    @Override
    public void count(Granter granter, Duration lifetime) {
        String[] counts = {RedisKeys.granter(granter)};
        if (redis.run(COUNT, counts, millis(lifetime), Integer.toString(granter.maximum())) == 1) return;
        throw new CallFailed(
                ErrorCode.TOO_MANY_GRANTS,
                "This caller has set " + granter.maximum()
                        + " grants that are still valid, which is the maximum; wait until some expire.");
    }

    @Override
    public void set(String session, RecordId record, Grant grant) {
        String shortest = millis(grant.duration().plus(EPOCH_MARGIN));
        String extended = millis(grant.duration().plus(EPOCH_EXTENSION));
        String uses = grant.uses().isPresent() ? Integer.toString(grant.uses().getAsInt()) : "";
        String epoch = redis.text(SESSION, new String[] {RedisKeys.session(session)}, newEpoch(), shortest, extended);
        requireNotErased(redis.run(
                SET,
                RedisKeys.ofGrant(session, record),
                grant.direction().name(),
                millis(grant.duration()),
                uses,
                epoch,
                newEpoch(),
                shortest,
                extended));
    }

    @Override
    public boolean verify(String session, RecordId record) {
        return check(VERIFY, session, record) == 1;
    }

    @Override
    public Duration use(String session, RecordId record) {
        return Duration.ofMillis(requireGranted(check(READ, session, record, "1", millis(COUNTED_URL))));
    }

    @Override
    public GrantUse useWithCopy(String session, RecordId record) {
        GrantCheck check = redis.check(
                READ, RedisKeys.ofGrantAndCopy(session, record), RedisKeys.session(session), "1", millis(COUNTED_URL));
        Duration left = Duration.ofMillis(requireGranted(check.result()));
        return new GrantUse(left, check.copy().isEmpty() ? null : check.copy());
    }

    @Override
    public boolean copy(String session, RecordId record, String sealed) {
        return redis.run(COPY, RedisKeys.ofGrantAndCopy(session, record), sealed, millis(COPY_LIFETIME)) == 1;
    }

    @Override
    public void check(String session, RecordId record) {
        requireGranted(check(READ, session, record, "0", millis(COUNTED_URL)));
    }

    @Override
    public void requireNotErased(RecordId record) {
        requireNotErased(redis.run(ERASED_RECORD, new String[] {RedisKeys.mark(record)}));
    }

    @Override
    public Duration checkStore(String session, RecordId record) {
        return Duration.ofMillis(requireGranted(check(STORE, session, record)));
    }

    @Override
    public void revoke(@Nullable String session, @Nullable RecordId record) {
        redis.runConfirmed(REVOKE, new String[] {RedisKeys.revoking(session, record)});
    }

    @Override
    public Instant erase(RecordId record, Instant now, Duration remembered) {
        Duration longest = Duration.ofMillis(longest());
        String lifetime = millis(remembered.compareTo(longest) > 0 ? remembered : longest);
        String[] keys = {RedisKeys.mark(record), RedisKeys.epoch(record), RedisKeys.copy(record)};
        return Instant.ofEpochSecond(redis.runConfirmed(ERASE, keys, Long.toString(now.getEpochSecond()), lifetime));
    }

    @Override
    public void ping() {
        if (longest() <= 0) throw RedisSharedConnection.unavailable(null);
    }

    /** The states of logins, in the same Redis. */
    public LoginStates logins() {
        return new RedisLoginStates(redis, LoginStates.LIFETIME, RedisLoginStates.PLACES);
    }

    /** The codes of frames, in the same Redis. */
    public FrameCodes codes() {
        return new RedisFrameCodes(redis);
    }

    @Override
    public double memoryRatio() {
        return redis.memoryRatio();
    }

    @Override
    public void close() {
        redis.close();
    }

    private long longest() {
        return redis.run(LONGEST, new String[] {RedisKeys.LONGEST_GRANT}, millis(maximumGrant.plus(MARGIN)));
    }

    private long check(RedisScript script, String session, RecordId record, String... arguments) {
        return redis.check(script, RedisKeys.ofGrant(session, record), RedisKeys.session(session), arguments)
                .result();
    }

    /** 64 random bits as a decimal number, which Redis keeps in 8 bytes. A caller gains nothing from guessing it. */
    private static String newEpoch() {
        return Long.toString(RANDOM.nextLong());
    }

    private static long requireGranted(long left) {
        requireNotErased(left);
        if (left > 0) return left;
        throw refused(left);
    }

    /** Whatever the answer is, nobody but the holder of a grant learns of it: the grant's key is the holder's own. */
    private static CallFailed refused(long answer) {
        if (answer == GrantCheck.WRONG_DIRECTION) {
            return refused(
                    NoGrantReason.WRONG_DIRECTION,
                    "This session's grant for the token is for the other direction; ask the application for"
                            + " one with the direction both.");
        }
        if (answer == GrantCheck.USES_SPENT) {
            return refused(
                    NoGrantReason.USES_SPENT,
                    "All uses of this session's grant for the token are taken; ask the application for a new one.");
        }
        if (answer == GrantCheck.REVOKED) {
            return refused(
                    NoGrantReason.REVOKED,
                    "This session's grant for the token was revoked; ask the application for a new one.");
        }
        return refused(
                NoGrantReason.NOT_GRANTED,
                "This caller holds no valid grant for the token; an application can set one with /grant/set.");
    }

    private static CallFailed refused(NoGrantReason reason, String sentence) {
        return new CallFailed(ErrorCode.NO_GRANT, sentence, reason);
    }

    private static void requireNotErased(long answer) {
        if (answer != ERASED) return;
        throw new CallFailed(ErrorCode.UNKNOWN_TOKEN, "There is no record for this token; it has been erased.");
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
