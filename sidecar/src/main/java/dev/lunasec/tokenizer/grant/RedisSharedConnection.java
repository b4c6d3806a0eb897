package dev.lunasec.tokenizer.grant;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection to Redis that many callers share. It opens with the first command. While Redis is unreachable, commands
 * fail at once. Lettuce then reconnects, or the next call does if the options of the client forbid that to Lettuce. A
 * connection that is open but silent, for example because the node of Redis has died, is replaced after the first
 * timeout.
 */
final class RedisSharedConnection {
    private final RedisClient client;
    private final Duration timeout;
    private final ReentrantLock connecting = new ReentrantLock();
    private final AtomicReference<@Nullable StatefulRedisConnection<String, String>> connection =
            new AtomicReference<>();

    /** @param timeout how long a call waits while another one connects */
    RedisSharedConnection(RedisClient client, Duration timeout) {
        this.client = client;
        this.timeout = timeout;
    }

    /**
     * Asks Redis.
     *
     * @throws CallFailed {@link ErrorCode#GRANTS_UNAVAILABLE} when Redis gives no answer in time, {@link
     *     ErrorCode#GRANTS_FULL} when it has no memory for what the question writes
     */
    <T> T ask(Function<StatefulRedisConnection<String, String>, T> question) {
        StatefulRedisConnection<String, String> open = null;
        try {
            open = connection();
            return question.apply(open);
        } catch (RedisCommandTimeoutException e) {
            if (open != null) replace(open);
            throw unavailable(e);
        } catch (RedisCommandExecutionException e) {
            throw isFull(e) ? full(e) : unavailable(e);
        } catch (RedisException | CancellationException e) {
            throw unavailable(e);
        }
    }

    /** Redis begins this error with OOM, and older versions put their own words before it if it happens in a script. */
    private static boolean isFull(RedisCommandExecutionException e) {
        return e.getMessage() != null && e.getMessage().contains("OOM command not allowed");
    }

    private static CallFailed full(RuntimeException cause) {
        return new CallFailed(
                ErrorCode.GRANTS_FULL,
                "Redis is full and takes no more grants; wait until grants expire, or give it more memory.",
                cause);
    }

    static CallFailed unavailable(@Nullable RuntimeException cause) {
        String sentence = "Grants can't be checked at the moment; try again soon.";
        return cause == null
                ? new CallFailed(ErrorCode.GRANTS_UNAVAILABLE, sentence)
                : new CallFailed(ErrorCode.GRANTS_UNAVAILABLE, sentence, cause);
    }

    /**
     * The next call connects anew. Several calls may wait on the same silent connection; the first one that times out
     * replaces it.
     */
    private void replace(StatefulRedisConnection<String, String> silent) {
        if (!connection.compareAndSet(silent, null)) return;
        // Nothing depends on when it is closed.
        var unused = silent.closeAsync();
    }

    private StatefulRedisConnection<String, String> connection() {
        StatefulRedisConnection<String, String> open = connection.get();
        if (open != null && isUsable(open)) return open;
        if (!lock()) throw unavailable(null);
        try {
            open = connection.get();
            if (open != null && isUsable(open)) return open;
            if (open != null) replace(open);
            open = client.connect();
            connection.set(open);
            return open;
        } finally {
            connecting.unlock();
        }
    }

    private boolean isUsable(StatefulRedisConnection<String, String> open) {
        return open.isOpen() || client.getOptions().isAutoReconnect();
    }

    /** Waits while another call connects, no longer than for an answer. */
    private boolean lock() {
        try {
            return connecting.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
