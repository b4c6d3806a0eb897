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
 * One line of JSON for each decision, to the logger {@code audit}. It names the record, never the token or the session.
 */
public final class AuditLog {
    private static final Logger log = LoggerFactory.getLogger("audit");

    /**
     * Writes a line.
     *
     * @param action the route, {@code /detokenize} for example
     * @param result {@code ok}, or the code of the failure
     * @param caller null when it is not known who called
     * @param record null when the call names none
     */
    public void write(String action, String result, @Nullable Caller caller, @Nullable RecordId record) {
        ObjectNode line = JsonNodeFactory.instance
                .objectNode()
                .put("time", Instant.now().toString())
                .put("action", action)
                .put("result", result);
        if (caller != null)
            line.put("caller", caller.kind().name().toLowerCase(Locale.ROOT)).put("subject", caller.subject());
        if (record != null) line.put("record", record.hex());
        log.info("{}", line);
    }
}
