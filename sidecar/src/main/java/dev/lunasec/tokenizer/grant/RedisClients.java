package dev.lunasec.tokenizer.grant;

import dev.lunasec.contract.RedisUrl;
import dev.lunasec.contract.RedisUrl.Credentials;
import dev.lunasec.contract.RedisUrl.Host;
import dev.lunasec.contract.RedisUrl.Sentinel;
import dev.lunasec.runtime.TrustedAuthorities;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The clients of Lettuce for one URL. They have the same bounds, and share their threads. */
final class RedisClients implements AutoCloseable {
    /** How long Redis may take for an answer. */
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    /**
     * Commands without an answer; two for each call and each item of a batch that are in flight, one for each copy of a
     * record, and some more.
     */
    private static final int UNANSWERED = 3072;

    /** The most flushes that are done as one. */
    private static final int UNFLUSHED = 256;

    /** The longest pause between two attempts to connect again, so that calls succeed soon after a failover. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** How often the nodes of a Redis Cluster are asked for its primaries, if nothing tells that they have changed. */
    private static final Duration TOPOLOGY_EVERY = Duration.ofSeconds(30);

    /** How often they are asked at most. */
    static final Duration TOPOLOGY_AT_MOST_EVERY = Duration.ofSeconds(1);

    /**
     * The JVM resolves names, as everywhere in the process: Netty's resolver reads no hosts file and shares no cache
     * with the JVM.
     */
    private final ClientResources resources = ClientResources.builder()
            .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
            .reconnectDelay(Delay.exponential(Duration.ZERO, LONGEST_PAUSE, 2, TimeUnit.MILLISECONDS))
            .nettyCustomizer(new FlushesTogether())
            .build();

    private final RedisUrl url;
    private final ClientOptions options;
    private final List<AbstractRedisClient> clients = new ArrayList<>();

    /** @param trustedCA PEM of the only authority that may have signed certificates; null for the public ones */
    RedisClients(RedisUrl url, @Nullable String trustedCA) {
        this.url = url;
        this.options = ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(UNANSWERED)
                .timeoutOptions(TimeoutOptions.enabled(TIMEOUT))
                .sslOptions(tls(trustedCA))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(TIMEOUT)
                        .keepAlive(true)
                        .build())
                .build();
    }

    /**
     * A client for single servers.
     *
     * @param reconnects whether Lettuce replaces a connection that has ended
     */
    RedisClient client(boolean reconnects) {
        RedisClient client = RedisClient.create(resources);
        client.setOptions(options.mutate().autoReconnect(reconnects).build());
        clients.add(client);
        return client;
    }

    /** A client for the Redis Cluster of the URL. It reads from primaries only, and follows redirects. */
    RedisClusterClient clusterClient() {
        RedisClusterClient client = RedisClusterClient.create(
                resources, url.hosts().stream().map(host -> server(host, 0)).toList());
        client.setOptions(ClusterClientOptions.builder(options)
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(TOPOLOGY_EVERY)
                        .adaptiveRefreshTriggersTimeout(TOPOLOGY_AT_MOST_EVERY)
                        .build())
                .build());
        clients.add(client);
        return client;
    }

    /** The address of a server that holds grants. */
    RedisURI server(Host host, int database) {
        return authenticated(RedisURI.Builder.redis(host.name(), host.port()), url.credentials())
                .withDatabase(database)
                .build();
    }

    /** The primary that the sentinels of the URL name. Lettuce asks them for each connection, also to replace one. */
    RedisURI watched(Sentinel sentinel) {
        RedisURI.Builder primary = RedisURI.builder().withSentinelMasterId(sentinel.primary());
        for (Host host : url.hosts()) {
            RedisURI.Builder server = RedisURI.Builder.redis(host.name(), host.port());
            primary.withSentinel(authenticated(server, sentinel.credentials()).build());
        }
        return authenticated(primary, url.credentials())
                .withDatabase(sentinel.database())
                .build();
    }

    /**
     * Waits for an answer, no longer than {@link #TIMEOUT}, after which the client ends the command. A deadline of the
     * wait itself would cost more: Java wakes up a thread for each such wait of a virtual thread.
     */
    static <T> T await(RedisFuture<T> answer) {
        return LettuceFutures.awaitOrCancel(answer, 0, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        for (AbstractRedisClient client : clients.reversed()) client.shutdown(Duration.ZERO, TIMEOUT);
        resources.shutdown(0, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(TIMEOUT.toMillis());
    }

    private RedisURI.Builder authenticated(RedisURI.Builder address, @Nullable Credentials credentials) {
        address.withSsl(url.tls()).withTimeout(TIMEOUT);
        if (credentials == null) return address;
        char[] password = credentials.password().toCharArray();
        return credentials.user() == null
                ? address.withPassword(password)
                : address.withAuthentication(credentials.user(), password);
    }

    /**
     * Commands of several callers that wait to be sent at the same time leave in one write to the socket. A command
     * never waits for one that comes later.
     */
    private static final class FlushesTogether implements NettyCustomizer {
        @Override
        public void afterChannelInitialized(Channel channel) {
            channel.pipeline().addFirst(new FlushConsolidationHandler(UNFLUSHED, true));
        }
    }

    private static SslOptions tls(@Nullable String trustedCA) {
        SslOptions.Builder options = SslOptions.builder().jdkSslProvider().handshakeTimeout(TIMEOUT);
        return (trustedCA == null ? options : options.trustManager(TrustedAuthorities.only(trustedCA))).build();
    }
}
