package dev.lunasec.tokenizer.grant;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.runtime.TrustedAuthorities;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.token.RecordId;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Grants as Redis hashes that expire by Redis's own clock. All callers share one connection; while it is gone commands fail at once
 * and it comes back by itself. One that is open and silent, as when Redis's node has died, is replaced after the first timeout.
 */
public final class RedisGrants implements Grants, AutoCloseable {
    /** How long Redis may take for an answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** Commands without an answer; twice as many as there are calls at once. */
    private static final int UNANSWERED = 1024;

    /** Where {@link #ping} writes: no record has this id, and no session is called so, as pseudonyms have 32 digits. */
    private static final String[] THROWAWAY = keys("ping", new RecordId("0".repeat(32)));

    /** What the scripts say where reading isn't granted. */
    private static final long NOT_GRANTED = -1;

    /** What the scripts say of a record that is marked as erased. */
    private static final long ERASED = -2;

    /**
     * KEYS: the grant, the mark. ARGV: direction, milliseconds, uses (empty for any number). A grant that was there is replaced as a whole.
     */
    private static final Script SET = new Script("""
            if redis.call('EXISTS', KEYS[2]) == 1 then return -2 end
            redis.call('DEL', KEYS[1])
            redis.call('HSET', KEYS[1], 'direction', ARGV[1])
            if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], 'uses', ARGV[3]) end
            redis.call('PEXPIRE', KEYS[1], ARGV[2])
            return 1
            """);

    /** KEYS: the grant, the mark. ARGV: '1' to take a use. Answers the milliseconds that are left, or -1 where reading isn't granted. */
    private static final Script READ = new Script("""
            if redis.call('EXISTS', KEYS[2]) == 1 then return -2 end
            local grant = redis.call('HMGET', KEYS[1], 'direction', 'uses')
            if not grant[1] or grant[1] == 'STORE' then return -1 end
            local left = redis.call('PTTL', KEYS[1])
            if ARGV[1] == '1' and grant[2] and redis.call('HINCRBY', KEYS[1], 'uses', -1) <= 0 then
              redis.call('DEL', KEYS[1])
            end
            return left
            """);

    /** KEYS: the grant, the mark. Answers 1 for a grant of either direction. */
    private static final Script VERIFY = new Script("""
            if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
            return redis.call('EXISTS', KEYS[1])
            """);

    /** KEYS: the mark. ARGV: seconds since 1970, milliseconds to live. Answers the seconds of whoever came first. */
    private static final Script ERASE = new Script("""
            local first = redis.call('GET', KEYS[1]) or ARGV[1]
            redis.call('SET', KEYS[1], first, 'PX', ARGV[2])
            return tonumber(first)
            """);

    /** Names are resolved as by the rest of the process; Netty's own resolver knows neither hosts file nor cache of the JVM. */
    private final ClientResources resources = ClientResources.builder()
            .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
            .build();

    private final RedisClient client;
    private final ReentrantLock connecting = new ReentrantLock();
    private final AtomicReference<@Nullable StatefulRedisConnection<String, String>> connection =
            new AtomicReference<>();

    /**
     * Connects when first asked.
     *
     * @param url {@code redis://} or {@code rediss://}, with the password
     * @param trustedCA PEM of the only authority that may have signed the certificate of a {@code rediss://}; null for the public ones
     * @throws InvalidSettings for any other text, which is not repeated
     */
    public RedisGrants(String url, @Nullable String trustedCA) {
        RedisURI uri;
        try {
            uri = RedisURI.create(url);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettings(
                    "The Redis URL can't be read; write redis:// or rediss://, a password and a host.");
        }
        if (trustedCA != null && !uri.isSsl()) {
            throw new InvalidSettings("There is an authority for Redis, whose URL asks for no TLS; write rediss://.");
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

    private static SslOptions tls(@Nullable String trustedCA) {
        SslOptions.Builder options = SslOptions.builder().jdkSslProvider().handshakeTimeout(TIMEOUT);
        return (trustedCA == null ? options : options.trustManager(TrustedAuthorities.only(trustedCA))).build();
    }

    @Override
    public void set(String session, RecordId record, Grant grant) {
        String uses = grant.uses().isPresent() ? Integer.toString(grant.uses().getAsInt()) : "";
        notErased(run(
                SET,
                keys(session, record),
                grant.direction().name(),
                Long.toString(grant.duration().toMillis()),
                uses));
    }

    @Override
    public boolean verify(String session, RecordId record) {
        return run(VERIFY, keys(session, record)) == 1;
    }

    @Override
    public Duration use(String session, RecordId record) {
        return Duration.ofMillis(granted(run(READ, keys(session, record), "1")));
    }

    @Override
    public void check(String session, RecordId record) {
        granted(run(READ, keys(session, record), "0"));
    }

    @Override
    public Instant erase(RecordId record, Instant now, Duration remembered) {
        String[] mark = {mark(record)};
        String seconds = Long.toString(now.getEpochSecond());
        return Instant.ofEpochSecond(run(ERASE, mark, seconds, Long.toString(remembered.toMillis())));
    }

    @Override
    public void ping() {
        run(
                SET,
                THROWAWAY,
                Direction.BOTH.name(),
                Long.toString(TIMEOUT.multipliedBy(5).toMillis()),
                "");
        if (run(READ, THROWAWAY, "0") <= 0) throw unavailable(null);
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, TIMEOUT);
        resources.shutdown(0, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(TIMEOUT.toMillis());
    }

    private static long granted(long left) {
        notErased(left);
        if (left == NOT_GRANTED || left == 0) {
            throw new CallFailed(
                    ErrorCode.NO_GRANT,
                    "This session holds no valid grant for the token; ask the application for one.");
        }
        return left;
    }

    private static void notErased(long answer) {
        if (answer != ERASED) return;
        throw new CallFailed(ErrorCode.UNKNOWN_TOKEN, "There is no record for this token; it has been erased.");
    }

    /** The grant and the mark. The record is the hash tag: all that is known of one record is on one node of a cluster. */
    private static String[] keys(String session, RecordId record) {
        return new String[] {"grant:{" + record.hex() + "}:" + session, mark(record)};
    }

    private static String mark(RecordId record) {
        return "erased:{" + record.hex() + "}";
    }

    private long run(Script script, String[] keys, String... arguments) {
        return ask(redis -> {
            try {
                return redis.sync().<Long>evalsha(script.digest, ScriptOutputType.INTEGER, keys, arguments);
            } catch (RedisNoScriptException e) {
                return redis.sync().<Long>eval(script.text, ScriptOutputType.INTEGER, keys, arguments);
            }
        });
    }

    private <T> T ask(Command<T> command) {
        StatefulRedisConnection<String, String> open = null;
        try {
            open = connection();
            return command.on(open);
        } catch (RedisCommandTimeoutException e) {
            if (open != null) replace(open);
            throw unavailable(e);
        } catch (RedisException | CancellationException e) {
            throw unavailable(e);
        }
    }

    /** The next call connects anew. Of those whose commands wait on the same connection one gets here, and all fail. */
    private void replace(StatefulRedisConnection<String, String> silent) {
        if (!connection.compareAndSet(silent, null)) return;
        // Nobody waits for the end of it.
        var unused = silent.closeAsync();
    }

    private StatefulRedisConnection<String, String> connection() {
        StatefulRedisConnection<String, String> open = connection.get();
        if (open != null) return open;
        if (!begin()) throw unavailable(null);
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

    /** Waits for whoever connects, no longer than for an answer. */
    private boolean begin() {
        try {
            return connecting.tryLock(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static CallFailed unavailable(@Nullable RuntimeException cause) {
        String sentence = "Grants can't be checked at the moment; try again soon.";
        return cause == null
                ? new CallFailed(ErrorCode.GRANTS_UNAVAILABLE, sentence)
                : new CallFailed(ErrorCode.GRANTS_UNAVAILABLE, sentence, cause);
    }

    private interface Command<T> {
        T on(StatefulRedisConnection<String, String> redis);
    }

    private static final class Script {
        final byte[] text;
        final String digest;

        Script(String text) {
            this.text = text.getBytes(StandardCharsets.UTF_8);
            this.digest = io.lettuce.core.codec.Base16.digest(this.text);
        }
    }
}
