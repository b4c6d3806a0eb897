package dev.lunasec.tokenizer.auth;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Holds a client to the session that it began with: a frame that has shown the data of one user must not go on as another after a
 * new login. The client learns the hash from the first answer and sends it from then on.
 */
public final class SessionLock {
    private SessionLock() {}

    /** The value of the header: SHA-1 of the session, in hex, as the original's clients have it. It is no secret and guards none. */
    public static String hash(Caller caller) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(sha1.digest(caller.session().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-1", e);
        }
    }

    /**
     * Compares.
     *
     * @param sent the header of the request, null when it came without
     * @throws CallFailed {@link ErrorCode#SESSION_MISMATCH} when it is another session's
     */
    public static void check(@Nullable String sent, Caller caller) {
        if (sent != null && !sent.toLowerCase(Locale.ROOT).equals(hash(caller))) {
            throw new CallFailed(
                    ErrorCode.SESSION_MISMATCH,
                    "The session is not the one that this client began with; load the page anew.");
        }
    }
}
