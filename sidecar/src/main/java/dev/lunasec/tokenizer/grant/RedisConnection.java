package dev.lunasec.tokenizer.grant;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.runtime.TrustedAuthorities;
import dev.lunasec.tokenizer.failure.CallFailed;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.GetExArgs;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts in Redis. All callers share one connection. A second one is for what the replicas must confirm, because
 * Redis answers nothing else on a connection until they have.
 */
final class RedisConnection implements AutoCloseable {
    /** How long Redis may take for an answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** How long the replicas may take to confirm; shorter than {@link #TIMEOUT}, so that Redis answers in time. */
    private static final Duration CONFIRMATION = Duration.ofSeconds(1);

    /** Commands without an answer; two for each call and each item of a batch that are in flight, and some more. */
    private static final int UNANSWERED = 2048;

    /** The JVM resolves names, as everywhere in the process: Netty's resolver reads no hosts file and shares no cache with the JVM. */
    private final ClientResources resources = ClientResources.builder()
            .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
            .build();

    private final RedisClient client;

    /** Redis confirms what was written on the same connection, so Lettuce must not replace it in between. */
    private final RedisClient withoutReconnect;

    private final RedisSharedConnection shared;
    private final RedisSharedConnection confirming;

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
        ClientOptions options = ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(UNANSWERED)
                .timeoutOptions(TimeoutOptions.enabled(TIMEOUT))
                .sslOptions(tls(trustedCA))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(TIMEOUT)
                        .keepAlive(true)
                        .build())
                .build();
        client = RedisClient.create(resources, uri);
        client.setOptions(options);
        withoutReconnect = RedisClient.create(resources, uri);
        withoutReconnect.setOptions(options.mutate().autoReconnect(false).build());
        shared = new RedisSharedConnection(client, TIMEOUT);
        confirming = new RedisSharedConnection(withoutReconnect, TIMEOUT);
    }

    /**
     * Runs a script that returns an integer, in one round trip. Only if Redis does not have the script in its cache, a
     * second one sends the text.
     *
     * @throws CallFailed {@link ErrorCode#GRANTS_UNAVAILABLE} when Redis gives no answer within two seconds, {@link
     *     ErrorCode#GRANTS_FULL} when it has no memory for what the script writes
     */
    long run(RedisScript script, String[] keys, String... arguments) {
        return shared.ask(redis -> (Long) run(redis, script, ScriptOutputType.INTEGER, keys, arguments));
    }

    /** The same for a script that returns a text. */
    String text(RedisScript script, String[] keys, String... arguments) {
        return shared.ask(redis -> (String) run(redis, script, ScriptOutputType.VALUE, keys, arguments));
    }

    /**
     * Runs a script that checks a grant, and reads the epoch of the session in the same round trip.
     *
     * @param epoch the key of the epoch
     * @throws CallFailed as for {@link #run}, and when Redis is a replica, or a primary that may not write
     */
    GrantCheck check(RedisScript script, String[] keys, String epoch, String... arguments) {
        return shared.ask(redis -> {
            RedisAsyncCommands<String, String> commands = redis.async();
            try {
                return check(
                        commands.evalsha(script.digest(), ScriptOutputType.MULTI, keys, arguments), commands, epoch);
            } catch (RedisNoScriptException e) {
                return check(commands.eval(script.text(), ScriptOutputType.MULTI, keys, arguments), commands, epoch);
            }
        });
    }

    /**
     * Runs a script as {@link #run} does, and returns only when every connected replica has what it wrote.
     *
     * @throws CallFailed as for {@link #run}, and {@link ErrorCode#REPLICATION_UNCONFIRMED} when a replica does not
     *     confirm within a second; the primary has done it then
     */
    long runConfirmed(RedisScript script, String[] keys, String... arguments) {
        return confirming.ask(redis -> {
            long answer = (Long) run(redis, script, ScriptOutputType.INTEGER, keys, arguments);
            OptionalInt replicas = RedisReplicas.connected(redis.sync().info("replication"));
            if (replicas.isPresent()) {
                long confirmed = redis.sync().waitForReplication(replicas.getAsInt(), CONFIRMATION.toMillis());
                if (confirmed >= replicas.getAsInt()) return answer;
            }
            throw new CallFailed(
                    ErrorCode.REPLICATION_UNCONFIRMED,
                    "Not every replica of Redis has confirmed this, so a failover could undo it; repeat the call.",
                    new RedisCommandTimeoutException());
        });
    }

    /**
     * Asks Redis how much memory it uses; {@link CallFailed} as for a script, also when the user of the URL may not
     * ask.
     */
    RedisMemory memory() {
        return RedisMemory.parse(shared.ask(redis -> redis.sync().info("memory")));
    }

    @Override
    public void close() {
        withoutReconnect.shutdown(Duration.ZERO, TIMEOUT);
        client.shutdown(Duration.ZERO, TIMEOUT);
        resources.shutdown(0, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(TIMEOUT.toMillis());
    }

    /** @param sent the script, which is on its way */
    private static GrantCheck check(
            RedisFuture<List<Object>> sent, RedisAsyncCommands<String, String> commands, String epoch) {
        // The script comes first: a grant that it finds was set before the epoch is read. GETEX is GET as a write, so
        // neither a replica nor an isolated primary answers it.
        RedisFuture<String> current = commands.getex(epoch, new GetExArgs());
        List<Object> answer = await(sent);
        return new GrantCheck((Long) answer.get(0), (String) answer.get(1), await(current));
    }

    private static <T> T await(RedisFuture<T> answer) {
        return LettuceFutures.awaitOrCancel(answer, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Object run(
            StatefulRedisConnection<String, String> redis,
            RedisScript script,
            ScriptOutputType output,
            String[] keys,
            String[] arguments) {
        try {
            return redis.sync().<Object>evalsha(script.digest(), output, keys, arguments);
        } catch (RedisNoScriptException e) {
            return redis.sync().<Object>eval(script.text(), output, keys, arguments);
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
