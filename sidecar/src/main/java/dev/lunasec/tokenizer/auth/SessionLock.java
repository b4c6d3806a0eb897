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
 * Binds a client to the session that it started with: a frame that has shown the data of one user must not continue as
 * another user after a new login. The client gets the hash with the first answer and sends it with every later request.
 */
public final class SessionLock {
    private SessionLock() {}

    /**
     * The value of the header: SHA-1 of the session, in hex, as the original's clients have it. It protects no secret.
     */
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
     * @param sent the header of the request, null when it has none
     * @throws CallFailed {@link ErrorCode#SESSION_MISMATCH} when it is another session's
     */
    public static void check(@Nullable String sent, Caller caller) {
        if (sent != null && !sent.toLowerCase(Locale.ROOT).equals(hash(caller))) {
            throw new CallFailed(
                    ErrorCode.SESSION_MISMATCH,
                    "The session is not the one that this client started with; reload the page.");
        }
    }
}
