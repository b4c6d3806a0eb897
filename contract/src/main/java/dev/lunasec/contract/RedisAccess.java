package dev.lunasec.contract;

/**
 * What the tokenizer does in Redis, as rules of Redis ACLs. A user with these rules can do everything that the
 * tokenizer needs, and nothing else. They are valid from Redis 6.2 on, and in Valkey.
 */
public final class RedisAccess {
    /** The names of all keys. */
    public static final String KEYS =
            "~grant:* ~erased:* ~epoch:* ~session:* ~copy:* ~granter:* ~longest-grant ~logins ~codes:*";

    /** The commands, also those that only scripts use. The driver greets with {@code HELLO}. */
    public static final String COMMANDS = "+hello +info +eval +evalsha +wait"
            + " +exists +get +getex +set +del +pttl +pexpire +time"
            + " +hmget +hgetall +hset +hdel +hincrby";

    /** What a Redis Cluster needs besides: who is primary of what, and the way to a slot that moves. */
    public static final String CLUSTER = "+cluster|nodes +asking";

    /** What the user needs besides if the URL chooses a database. A Redis Cluster has none to choose. */
    public static final String DATABASE = "+select";

    /** What a user of sentinels needs, and all that it needs. */
    public static final String SENTINEL = "-@all +hello +sentinel|get-master-addr-by-name";

    /** The rules of a user that had none before. */
    public static final String RULES = KEYS + " resetchannels -@all " + COMMANDS;

    private RedisAccess() {}
}
