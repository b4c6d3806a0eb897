package dev.lunasec.operator.dependent.redis;

import java.util.List;

/**
 * The shell scripts of the managed Redis. They run in the images of Redis and of Valkey: the programs of Valkey take
 * the same options and answer the same, and an image of Valkey may or may not have links with the names of Redis for
 * them.
 */
final class RedisScripts {
    /** Only Redis itself can read the log that it writes. */
    private static final String START = """
            umask 077
            command -v redis-server >/dev/null && exec redis-server "$@"
            exec valkey-server "$@"
            """;

    /**
     * Uses any password that Redis accepts already, so a new password needs no restart. Redis does so also while it
     * reads its log, so the probe does not end a long read.
     */
    private static final String RELOAD = """
            client=$(command -v redis-cli || command -v valkey-cli) || exit 1
            for password in $(tr ' ' '\\n' <"%s" | sed -n 's/^>//p'); do
              test "$(REDISCLI_AUTH=$password "$client" acl load)" = OK && exit 0
            done
            exit 1
            """;

    private RedisScripts() {}

    /** The command that becomes the server; the options of the server are its arguments. */
    static List<String> start() {
        return List.of("sh", "-c", START, "redis");
    }

    /**
     * The command that lets the server reload its passwords.
     *
     * @param users the path of its ACL file
     */
    static List<String> reload(String users) {
        return List.of("sh", "-c", RELOAD.formatted(users));
    }
}
