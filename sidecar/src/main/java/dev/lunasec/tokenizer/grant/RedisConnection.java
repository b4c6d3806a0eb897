package dev.lunasec.tokenizer.grant;

import static dev.lunasec.tokenizer.grant.RedisClients.await;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.RedisUrl;
import dev.lunasec.tokenizer.failure.CallFailed;
import io.lettuce.core.GetExArgs;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Runs scripts on the primaries of Redis, and has what they write confirmed by the replicas. */
final class RedisConnection implements AutoCloseable {
    /** How long replicas may take to confirm: less than {@link RedisClients#TIMEOUT}, so that Redis answers in time. */
    private static final Duration CONFIRMATION = Duration.ofSeconds(1);

    private final RedisPrimaries primaries;

    /**
     * Connects with the first command.
     *
     * @param url as {@link RedisUrl} describes it
     * @param trustedCA PEM of the only authority that may have signed the certificates of a Redis with TLS; null for
     *     the public ones
     * @throws InvalidSettings for any other text, which is not repeated
     */
    RedisConnection(String url, @Nullable String trustedCA) {
        primaries = RedisPrimaries.of(RedisUrl.parse(url, trustedCA), trustedCA);
    }

    /**
     * Runs a script that returns an integer, in one round trip. Only if Redis does not have the script in its cache, a
     * second one sends the text.
     *
     * @throws CallFailed {@link ErrorCode#GRANTS_UNAVAILABLE} when Redis gives no answer within two seconds, {@link
     *     ErrorCode#GRANTS_FULL} when it has no memory for what the script writes
     */
    long run(RedisScript script, String[] keys, String... arguments) {
        return primaries.ask(redis -> (Long) run(redis, script, ScriptOutputType.INTEGER, keys, arguments));
    }

    /** The same for a script that returns a text. */
    String text(RedisScript script, String[] keys, String... arguments) {
        return primaries.ask(redis -> (String) run(redis, script, ScriptOutputType.VALUE, keys, arguments));
    }

    /**
     * Runs a script that checks a grant, and reads the epoch of the session in the same round trip.
     *
     * @param epoch the key of the epoch
     * @throws CallFailed as for {@link #run}, and when Redis is a replica, or a primary that may not write
     */
    GrantCheck check(RedisScript script, String[] keys, String epoch, String... arguments) {
        return primaries.ask(redis -> {
            try {
                return check(redis.evalsha(script.digest(), ScriptOutputType.MULTI, keys, arguments), redis, epoch);
            } catch (RedisNoScriptException e) {
                return check(redis.eval(script.text(), ScriptOutputType.MULTI, keys, arguments), redis, epoch);
            }
        });
    }

    /**
     * Runs a script as {@link #run} does, and returns only when every connected replica has what it wrote. That
     * includes a replica whose connection ended in the meantime, because it may have become the primary.
     *
     * @throws CallFailed as for {@link #run}, and {@link ErrorCode#REPLICATION_UNCONFIRMED} when a replica does not
     *     confirm within a second, or when others wait for theirs for so long; the primary has done it then
     */
    long runConfirmed(RedisScript script, String[] keys, String... arguments) {
        return primaries.askPrimaryOf(keys[0], (redis, blocking) -> {
            OptionalInt before = replicas(redis);
            long answer = (Long) run(redis, script, ScriptOutputType.INTEGER, keys, arguments);
            if (before.isPresent() && confirmed(redis, blocking, before.getAsInt())) return answer;
            throw new CallFailed(
                    ErrorCode.REPLICATION_UNCONFIRMED,
                    "Not every replica of Redis has confirmed this, so a failover could undo it; repeat the call.",
                    new RedisCommandTimeoutException());
        });
    }

    /**
     * How much of its {@code maxmemory} the fullest primary uses; NaN if none has a limit. {@link CallFailed} as for a
     * script, also when the user of the URL may not ask.
     */
    double memoryRatio() {
        return primaries.info("memory").stream()
                .mapToDouble(info -> RedisMemory.parse(info).ratio())
                .filter(ratio -> !Double.isNaN(ratio))
                .max()
                .orElse(Double.NaN);
    }

    @Override
    public void close() {
        primaries.close();
    }

    /** @param sent the script, which is on its way */
    private static GrantCheck check(
            RedisFuture<List<Object>> sent, RedisClusterAsyncCommands<String, String> redis, String epoch) {
        // The script comes first: a grant that it finds was set before the epoch is read. On two nodes of a Redis
        // Cluster the epoch may be read first. That can only refuse a use that happens while the grant is set. GETEX is
        // GET as a write, so neither a replica nor an isolated primary answers it.
        RedisFuture<String> asked = redis.getex(epoch, new GetExArgs());
        // This answer is mostly the second one, so the thread wakes up once for both.
        String current = await(asked);
        List<Object> answer = await(sent);
        // Only read.lua returns a third part, and only if the grant holds.
        String copy = answer.size() > 2 ? (String) answer.get(2) : "";
        return new GrantCheck((Long) answer.get(0), (String) answer.get(1), current, copy);
    }

    /**
     * Waits until the replicas have what was written. A timeout means no here: the script has answered, so the caller
     * must not be told that Redis gives no answer.
     *
     * @param before how many replicas there were before the script
     */
    private static boolean confirmed(
            RedisClusterAsyncCommands<String, String> redis, ReentrantLock blocking, int before) {
        try {
            OptionalInt after = replicas(redis);
            if (after.isEmpty() || !blocking.tryLock(CONFIRMATION.toMillis(), TimeUnit.MILLISECONDS)) return false;
            try {
                int replicas = Math.max(before, after.getAsInt());
                return await(redis.waitForReplication(replicas, CONFIRMATION.toMillis())) >= replicas;
            } finally {
                blocking.unlock();
            }
        } catch (RedisCommandTimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static OptionalInt replicas(RedisClusterAsyncCommands<String, String> redis) {
        return RedisReplicas.connected(await(redis.info("replication")));
    }

    private static Object run(
            RedisClusterAsyncCommands<String, String> redis,
            RedisScript script,
            ScriptOutputType output,
            String[] keys,
            String[] arguments) {
        try {
            return await(redis.<Object>evalsha(script.digest(), output, keys, arguments));
        } catch (RedisNoScriptException e) {
            return await(redis.<Object>eval(script.text(), output, keys, arguments));
        }
    }
}
