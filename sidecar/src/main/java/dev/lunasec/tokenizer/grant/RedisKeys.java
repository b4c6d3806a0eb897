package dev.lunasec.tokenizer.grant;

import dev.lunasec.tokenizer.token.RecordId;
import org.jspecify.annotations.Nullable;

/**
 * The names of keys in Redis. What is in braces decides on which node of a Redis Cluster a key is, so all keys of one
 * record are on one node, and every script uses keys of one node only.
 */
final class RedisKeys {
    /** Lives at least as long as every grant that any pod has set, also one with another longest duration. */
    static final String LONGEST_GRANT = "longest-grant";

    /** The states of logins. */
    static final String LOGINS = "logins";

    private RedisKeys() {}

    /** The codes that an application has made for frames. */
    static String codes(String application) {
        return "codes:" + application;
    }

    /** The grant, the erase mark and the epoch of the record, in the order of the scripts. */
    static String[] ofGrant(String session, RecordId record) {
        return new String[] {grant(session, record), mark(record), epoch(record)};
    }

    /** The same, and the copy of the record. */
    static String[] ofGrantAndCopy(String session, RecordId record) {
        return new String[] {grant(session, record), mark(record), epoch(record), copy(record)};
    }

    static String grant(String session, RecordId record) {
        return "grant:{" + record.hex() + "}:" + session;
    }

    static String mark(RecordId record) {
        return "erased:{" + record.hex() + "}";
    }

    /** The epoch of a record: grants that name another one are revoked. */
    static String epoch(RecordId record) {
        return "epoch:{" + record.hex() + "}";
    }

    /** The copy of a sealed record. */
    static String copy(RecordId record) {
        return "copy:{" + record.hex() + "}";
    }

    /** The epoch of a session: grants that name another one are revoked. */
    static String session(String session) {
        return "session:{" + session + "}";
    }

    /** The key whose loss revokes the grants of a session, for a record, or of both; null names all. */
    static String revoking(@Nullable String session, @Nullable RecordId record) {
        if (session != null && record != null) return grant(session, record);
        if (session != null) return session(session);
        if (record != null) return epoch(record);
        throw new IllegalArgumentException("neither a session nor a record is named");
    }

    static String granter(Granter granter) {
        return "granter:" + granter.pseudonym();
    }
}
