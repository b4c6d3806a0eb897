package dev.lunasec.tokenizer.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line for each decision to standard output. The line is one JSON object and nothing else; the log level
 * does not silence it. It names records by their ids and sessions by their pseudonyms, and never a token or a session.
 */
public final class AuditLog {
    /**
     * What was decided.
     *
     * @param action the route, {@code /detokenize} for example
     * @param result {@code ok}, or the code of the failure
     * @param reason a word that says more than the code; null when the code says all
     * @param who null when it is not known who called
     * @param grantee the pseudonym of the session that a grant is for; null when the call is about none
     * @param record null when the call names none
     * @param made the record that was made from that one; null when none was
     */
    public record Line(
            String action,
            String result,
            @Nullable String reason,
            @Nullable Who who,
            @Nullable String grantee,
            @Nullable RecordId record,
            @Nullable RecordId made) {}

    /**
     * Who called.
     *
     * @param session the pseudonym of the caller's session: without a claim mapping, all users of an issuer
     *     are one subject
     */
    public record Who(Caller caller, String session) {}

    /** {@code logback.xml} gives this logger an appender of its own. */
    private static final Logger log = LoggerFactory.getLogger("audit");

    /** Writes a line. */
    public void write(Line line) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("time", Instant.now().toString())
                .put("action", line.action)
                .put("result", line.result);
        if (line.reason != null) json.put("reason", line.reason);
        Who who = line.who;
        if (who != null) {
            json.put("caller", who.caller.kind().name().toLowerCase(Locale.ROOT))
                    .put("subject", who.caller.subject())
                    .put("session", who.session);
        }
        if (line.grantee != null) json.put("grantee", line.grantee);
        if (line.record != null) json.put("record", line.record.hex());
        if (line.made != null) json.put("made", line.made.hex());
        log.info("{}", json);
    }
}
