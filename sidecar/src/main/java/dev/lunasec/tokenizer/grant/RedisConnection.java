package dev.lunasec.tokenizer.grant;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.runtime.TrustedAuthorities;
import dev.lunasec.tokenizer.failure.CallFailed;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connection to Redis that all callers share. While Redis is unreachable, commands fail at once and Lettuce reconnects. A connection
 * that is open but silent, for example because the node of Redis has died, is replaced after the first timeout.
 */
final class RedisConnection implements AutoCloseable {
    /** How long Redis may take for an answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** Commands without an answer; twice as many as there are calls at once. */
    private static final int UNANSWERED = 1024;

    /** The JVM resolves names, as everywhere in the process: Netty's resolver reads no hosts file and shares no cache with the JVM. */
    private final ClientResources resources = ClientResources.builder()
            .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
            .build();

    private final RedisClient client;
    private final ReentrantLock connecting = new ReentrantLock();
    private final AtomicReference<@Nullable StatefulRedisConnection<String, String>> connection =
            new AtomicReference<>();

    /**
     * Connects with the first command.
     *
     * @param url {@code redis://} or {@code rediss://}, with the password
     * @param trustedCA PEM of the only authority that may have signed the certificate of a {@code rediss://}; null for the public ones
     * @throws InvalidSettings for any other text, which is not repeated
     */
    RedisConnection(String url, @Nullable String trustedCA) {
        RedisURI uri = parse(url);
        if (trustedCA != null && !uri.isSsl()) {
            throw new InvalidSettings("There is an authority for Redis, but its URL asks for no TLS; write rediss://.");
        }
        uri.setTimeout(TIMEOUT);
        client = RedisClient.create(resources, uri);
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(UNANSWERED)
                .timeoutOptions(TimeoutOptions.enabled(TIMEOUT))
                .sslOptions(tls(trustedCA))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(TIMEOUT)
                        .keepAlive(true)
                        .build())
                .build());
    }

    /**
     * Runs a script in one round trip. Only if Redis does not have the script in its cache, a second one sends the text.
     *
     * @throws CallFailed {@link ErrorCode#GRANTS_UNAVAILABLE} when Redis gives no answer within two seconds, {@link
     *     ErrorCode#GRANTS_FULL} when it has no memory for what the script writes
     */
    long run(RedisScript script, String[] keys, String... arguments) {
        return ask(redis -> run(redis, script, keys, arguments));
    }

    /**
     * Asks Redis how much memory it uses; {@link CallFailed} as for a script, also when the user of the URL may not
     * ask.
     */
    RedisMemory memory() {
        return RedisMemory.parse(ask(redis -> redis.sync().info("memory")));
    }

    private <T> T ask(Function<StatefulRedisConnection<String, String>, T> question) {
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

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, TIMEOUT);
        resources.shutdown(0, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(TIMEOUT.toMillis());
    }

    private static long run(
            StatefulRedisConnection<String, String> redis, RedisScript script, String[] keys, String[] arguments) {
        try {
            return redis.sync().<Long>evalsha(script.digest(), ScriptOutputType.INTEGER, keys, arguments);
        } catch (RedisNoScriptException e) {
            return redis.sync().<Long>eval(script.text(), ScriptOutputType.INTEGER, keys, arguments);
        }
    }

    /** The next call connects anew. Several calls may wait on the same silent connection; the first one that times out replaces it. */
    private void replace(StatefulRedisConnection<String, String> silent) {
        if (!connection.compareAndSet(silent, null)) return;
        // Nothing depends on when it is closed.
        var unused = silent.closeAsync();
    }

    private StatefulRedisConnection<String, String> connection() {
        StatefulRedisConnection<String, String> open = connection.get();
        if (open != null) return open;
        if (!lock()) throw unavailable(null);
        try {
            open = connection.get();
            if (open != null) return open;
            open = client.connect();
            connection.set(open);
            return open;
        } finally {
            connecting.unlock();
        }
    }

    /** Waits while another call connects, no longer than for an answer. */
    private boolean lock() {
        try {
            return connecting.tryLock(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static RedisURI parse(String url) {
        try {
            return RedisURI.create(url);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettings(
                    "The Redis URL can't be read; write redis:// or rediss://, a password and a host.");
        }
    }

    private static SslOptions tls(@Nullable String trustedCA) {
        SslOptions.Builder options = SslOptions.builder().jdkSslProvider().handshakeTimeout(TIMEOUT);
        return (trustedCA == null ? options : options.trustManager(TrustedAuthorities.only(trustedCA))).build();
    }
}
