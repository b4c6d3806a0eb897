package dev.lunasec.contract;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The URL of the Redis that holds the grants. Its forms are those of Lettuce and of other clients:
 *
 * <pre>
 * redis://[user:password@]host[:port][/database]               one address
 * redis://[user:password@]host[:port],host[:port]              some nodes of a Redis Cluster
 * redis://[user:password@]host[:port]?cluster=true             one node of a Redis Cluster, or a name of all nodes
 * redis-sentinel://[user:password@]host[:port],host[:port][/database][?sentinelPassword=password]#primary
 * </pre>
 *
 * <p>{@code rediss} in place of {@code redis} asks every server for TLS. User and password are for the servers that
 * hold the grants; sentinels have others. An IPv6 address is in brackets. In user and password, {@code %XX} stands for
 * characters that have a meaning in a URL.
 *
 * @param tls whether every connection has TLS
 * @param hosts at least one: of Redis, of nodes of the Cluster, or of sentinels
 * @param credentials for the servers that hold the grants; null for none
 * @param topology how the primaries are found
 */
public record RedisUrl(
        boolean tls, List<Host> hosts, @Nullable Credentials credentials, Topology topology) {
    /** The port of a Redis whose URL names none. */
    public static final int DEFAULT_PORT = 6379;

    /**
     * A server.
     *
     * @param name a DNS name, an IPv4 address, or an IPv6 address without brackets
     * @param port from 1 to 65535
     */
    public record Host(String name, int port) {}

    /**
     * What a client authenticates with.
     *
     * @param user null for the user {@code default}
     */
    public record Credentials(@Nullable String user, String password) {
        /** Without the password. */
        @Override
        public String toString() {
            return "Credentials[user=" + user + "]";
        }
    }

    /** How the primaries are found. */
    public sealed interface Topology {}

    /**
     * One primary at a fixed address.
     *
     * @param database its number
     */
    public record Standalone(int database) implements Topology {}

    /**
     * The nodes of a Redis Cluster name its primaries. Clients know a Cluster by its several hosts;
     * {@code cluster=true} is for one host, because the Service or the configuration endpoint of a Cluster is one name
     * of all nodes.
     */
    public record Cluster() implements Topology {}

    /**
     * Sentinels name the primary.
     *
     * @param primary the name under which the sentinels watch it
     * @param database its number
     * @param credentials for the sentinels; null for none
     */
    public record Sentinel(
            String primary, int database, @Nullable Credentials credentials) implements Topology {}

    /**
     * Parses a URL.
     *
     * @param text white space around it is ignored
     * @param trustedCA PEM of the authority that signed the certificates of a Redis with TLS; null for the public ones
     * @throws InvalidSettings with a sentence that says what to write, and does not repeat the text
     */
    public static RedisUrl parse(String text, @Nullable String trustedCA) {
        RedisUrl url = RedisUrlParser.parse(text.strip());
        if (trustedCA != null && !url.tls()) {
            throw new InvalidSettings("There is an authority for Redis, but its URL asks for no TLS; write rediss:// or"
                    + " rediss-sentinel://.");
        }
        return url;
    }

    /**
     * The ports of the servers, as far as the URL tells. Sentinels and nodes of a Cluster name further servers, which
     * usually have these ports too.
     */
    public SortedSet<Integer> ports() {
        SortedSet<Integer> ports = new TreeSet<>();
        for (Host host : hosts) ports.add(host.port());
        if (topology instanceof Sentinel) ports.add(DEFAULT_PORT);
        return ports;
    }
}
