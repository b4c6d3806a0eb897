package dev.lunasec.contract;

import dev.lunasec.contract.RedisUrl.Cluster;
import dev.lunasec.contract.RedisUrl.Credentials;
import dev.lunasec.contract.RedisUrl.Host;
import dev.lunasec.contract.RedisUrl.Sentinel;
import dev.lunasec.contract.RedisUrl.Standalone;
import dev.lunasec.contract.RedisUrl.Topology;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses a {@link RedisUrl}. No message repeats a part of the text, because all of it may be a password. */
final class RedisUrlParser {
    private static final Pattern URL =
            Pattern.compile("(?<scheme>rediss?(?<sentinel>-sentinel)?)://(?<authority>[^/?#]*)"
                    + "(/(?<database>[^?#]*))?(\\?(?<query>[^#]*))?(#(?<name>.*))?");
    private static final Pattern HOST = Pattern.compile(
            "(?<name>[A-Za-z0-9_][A-Za-z0-9_.-]*|\\[(?<address>[0-9A-Fa-f:.]+)])(:(?<port>[0-9]{1,5}))?");
    private static final Pattern PRIMARY = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern DATABASE = Pattern.compile("[0-9]{0,4}");
    private static final int SENTINEL_PORT = 26379;

    private static final String CLUSTER = "cluster";
    private static final String SENTINEL_USER = "sentinelUsername";
    private static final String SENTINEL_PASSWORD = "sentinelPassword";

    private RedisUrlParser() {}

    static RedisUrl parse(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            throw new InvalidSettings("The Redis URL does not begin as one;"
                    + " write redis://, rediss://, redis-sentinel:// or rediss-sentinel://.");
        }
        boolean sentinel = url.group("sentinel") != null;
        String authority = url.group("authority");
        int at = authority.lastIndexOf('@');
        List<Host> hosts = hosts(authority.substring(at + 1), sentinel ? SENTINEL_PORT : RedisUrl.DEFAULT_PORT);
        Credentials credentials = at == -1 ? null : userAndPassword(authority.substring(0, at));
        Topology topology = sentinel ? sentinel(url) : nodes(url, hosts.size());
        return new RedisUrl(url.group("scheme").startsWith("rediss"), hosts, credentials, topology);
    }

    private static List<Host> hosts(String text, int defaultPort) {
        List<Host> hosts = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher host = HOST.matcher(part);
            if (!host.matches()) throw badHost();
            String address = host.group("address");
            if (address != null) requireIPv6(address);
            int port = host.group("port") == null ? defaultPort : Integer.parseInt(host.group("port"));
            if (port < 1 || port > 65535) throw badHost();
            hosts.add(new Host(address == null ? host.group("name") : address, port));
        }
        return List.copyOf(hosts);
    }

    /** A text in brackets is never looked up. */
    private static void requireIPv6(String address) {
        try {
            InetAddress.getByName("[" + address + "]");
        } catch (UnknownHostException e) {
            throw badHost();
        }
    }

    private static InvalidSettings badHost() {
        return new InvalidSettings(
                "The Redis URL has a host or a port that can't be read; write host:port, with brackets"
                        + " around an IPv6 address, and %XX for characters like : / ? # @ % in user and password.");
    }

    private static @Nullable Credentials userAndPassword(String text) {
        int colon = text.indexOf(':');
        return credentials(decoded(text.substring(0, Math.max(colon, 0))), decoded(text.substring(colon + 1)));
    }

    private static @Nullable Credentials credentials(@Nullable String user, @Nullable String password) {
        boolean noUser = user == null || user.isEmpty();
        if (password != null && !password.isEmpty()) return new Credentials(noUser ? null : user, password);
        if (noUser) return null;
        throw new InvalidSettings(
                "The Redis URL names a user without a password; write both, like user:password@host.");
    }

    private static Topology nodes(Matcher url, int hosts) {
        Map<String, String> parameters = parameters(url, Set.of(CLUSTER));
        if (url.group("name") != null) {
            throw new InvalidSettings("The Redis URL has a #, which only redis-sentinel:// and rediss-sentinel:// need;"
                    + " leave it out, and write %23 for a # in a password.");
        }
        String cluster = parameters.get(CLUSTER);
        if (cluster != null && !cluster.equals("true")) throw badParameter();
        int database = database(url);
        if (hosts == 1 && cluster == null) return new Standalone(database);
        if (database == 0) return new Cluster();
        throw new InvalidSettings("The Redis URL names a database, which no Redis Cluster has; leave it out.");
    }

    private static Topology sentinel(Matcher url) {
        Map<String, String> parameters = parameters(url, Set.of(SENTINEL_USER, SENTINEL_PASSWORD));
        String primary = url.group("name");
        if (primary == null || !PRIMARY.matcher(primary).matches()) {
            throw new InvalidSettings("The Redis URL does not say which primary the sentinels watch; write its name at"
                    + " the end, like #mymaster.");
        }
        return new Sentinel(
                primary, database(url), credentials(parameters.get(SENTINEL_USER), parameters.get(SENTINEL_PASSWORD)));
    }

    private static int database(Matcher url) {
        String database = url.group("database");
        if (database == null || database.isEmpty()) return 0;
        if (DATABASE.matcher(database).matches()) return Integer.parseInt(database);
        throw new InvalidSettings(
                "The Redis URL has a path that is no database; write its number after the /, or nothing.");
    }

    private static Map<String, String> parameters(Matcher url, Set<String> known) {
        Map<String, String> parameters = new HashMap<>();
        String query = url.group("query");
        if (query == null || query.isEmpty()) return parameters;
        for (String parameter : query.split("&", -1)) {
            String[] parts = parameter.split("=", 2);
            if (parts.length != 2 || !known.contains(parts[0])) throw badParameter();
            if (parameters.put(parts[0], decoded(parts[1])) != null) throw badParameter();
        }
        return parameters;
    }

    private static InvalidSettings badParameter() {
        return new InvalidSettings("The Redis URL has a parameter after ? that can't be used; write ?cluster=true for a"
                + " Redis Cluster, ?sentinelUsername=…&sentinelPassword=… for sentinels with a password, or none.");
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettings(
                    "The Redis URL has a % without two digits in user or password; write %25 for a %.");
        }
    }
}
