package dev.lunasec.tokenizer.grant;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulConnection;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection to Redis that many callers share. It opens with the first command. While Redis is unreachable, commands
 * fail at once. Lettuce then reconnects, or the next call does if the client does not reconnect. A connection that is
 * open but silent, for example because the node of Redis has died, is replaced after the first timeout. So is one to a
 * server that has become a replica, because the next one may lead to the primary.
 */
final class RedisSharedConnection<C extends StatefulConnection<String, String>> {
    /** How long a connection to a replica stays at least, so that calls do not connect all the time. */
    private static final Duration REPLICA = Duration.ofSeconds(1);

    private final Supplier<C> connect;
    private final boolean reconnects;
    private final ReentrantLock connecting = new ReentrantLock();
    private final ReentrantLock blocking = new ReentrantLock();
    private final AtomicReference<@Nullable Open<C>> current = new AtomicReference<>();

    /** @param since in the time of {@link System#nanoTime()} */
    private record Open<C>(C connection, long since) {}

    /**
     * A connection that is not open yet.
     *
     * @param connect opens it; may throw {@link RedisException}
     * @param reconnects whether Lettuce replaces it when it has ended
     */
    RedisSharedConnection(Supplier<C> connect, boolean reconnects) {
        this.connect = connect;
        this.reconnects = reconnects;
    }

    /**
     * Asks Redis.
     *
     * @throws CallFailed {@link ErrorCode#GRANTS_UNAVAILABLE} when Redis gives no answer in time, {@link
     *     ErrorCode#GRANTS_FULL} when it has no memory for what the question writes
     */
    <T> T ask(Function<C, T> question) {
        Open<C> open = null;
        try {
            open = connection();
            return question.apply(open.connection());
        } catch (RedisCommandTimeoutException e) {
            if (open != null) replace(open);
            throw unavailable(e);
        } catch (RedisCommandExecutionException e) {
            if (open != null && says(e, "READONLY") && System.nanoTime() - open.since() > REPLICA.toNanos()) {
                replace(open);
            }
            throw says(e, "OOM command not allowed") ? full(e) : unavailable(e);
        } catch (RedisException | CancellationException e) {
            throw unavailable(e);
        }
    }

    /**
     * Held by the caller whose command blocks the connection. So every other command waits for one of these at most,
     * and gets its answer in time.
     */
    ReentrantLock blocking() {
        return blocking;
    }

    /** The next question opens another one. */
    void close() {
        Open<C> open = current.get();
        if (open != null) replace(open);
    }

    /**
     * Redis begins an error with its code, and older versions put their own words before it if it happens in a script.
     */
    private static boolean says(RedisCommandExecutionException e, String code) {
        return e.getMessage() != null && e.getMessage().contains(code);
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
     * The next call connects anew. Several calls may wait on the same connection; the first one that finds it silent
     * replaces it. It is closed after the others got their answers: in a Redis Cluster, only one of its nodes is
     * silent.
     */
    private void replace(Open<C> old) {
        if (!current.compareAndSet(old, null)) return;
        Executor later = CompletableFuture.delayedExecutor(RedisClients.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        later.execute(() -> {
            // Nothing depends on when it is closed.
            var unused = old.connection().closeAsync();
        });
    }

    private Open<C> connection() {
        Open<C> open = current.get();
        if (open != null && isUsable(open)) return open;
        if (!lock()) throw unavailable(null);
        try {
            open = current.get();
            if (open != null && isUsable(open)) return open;
            if (open != null) replace(open);
            open = new Open<>(connect.get(), System.nanoTime());
            current.set(open);
            return open;
        } finally {
            connecting.unlock();
        }
    }

    private boolean isUsable(Open<C> open) {
        return reconnects || open.connection().isOpen();
    }

    /** Waits while another call connects, no longer than for an answer. */
    private boolean lock() {
        try {
            return connecting.tryLock(RedisClients.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
