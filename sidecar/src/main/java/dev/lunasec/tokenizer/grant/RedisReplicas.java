package dev.lunasec.tokenizer.grant;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Redis says about its replicas ({@code INFO replication}). */
final class RedisReplicas {
    private static final Pattern CONNECTED = Pattern.compile("^connected_slaves:(\\d{1,9})\\s*$", Pattern.MULTILINE);

    private RedisReplicas() {}

    /** How many are connected, also those that are not in sync yet; empty if Redis does not tell. */
    static OptionalInt connected(String info) {
        Matcher found = CONNECTED.matcher(info);
        return found.find() ? OptionalInt.of(Integer.parseInt(found.group(1))) : OptionalInt.empty();
    }
}
