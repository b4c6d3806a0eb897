package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.audit.AuditLog.Line;
import dev.lunasec.tokenizer.audit.AuditLog.Who;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.token.RecordId;
import org.jspecify.annotations.Nullable;

/**
 * What the audit line and the metrics say about a call. The call fills it in as it proceeds, so the line of a call that
 * is rejected says all that was known by then.
 */
final class AuditContext {
    private static final String SUCCESS = "ok";

    private final String action;
    /** So that a call which ends with an {@link Error} does not count as served. */
    private String result = ErrorCode.INTERNAL.code();

    private boolean batch;
    private @Nullable String reason;
    private @Nullable Who who;
    private @Nullable String grantee;
    private @Nullable RecordId record;
    private @Nullable RecordId made;

    /** @param action the path of the route */
    AuditContext(String action) {
        this.action = action;
    }

    /** @param holder the pseudonym of the caller's session */
    void caller(Caller caller, String holder) {
        who = new Who(caller, holder);
    }

    /** @param id of the record that the call names or makes */
    void record(RecordId id) {
        record = id;
    }

    /** @param id of the record that the call makes from the one that it names */
    void made(RecordId id) {
        made = id;
    }

    /** @param holder the pseudonym of the session that a grant is for */
    void grantee(String holder) {
        grantee = holder;
    }

    /** The call was served. */
    void succeeded() {
        result = SUCCESS;
    }

    /** The call is a batch, whose items have lines of their own. */
    void isBatch() {
        batch = true;
    }

    /** Whether the audit log gets a line; a batch that was served needs none beside those of its items. */
    boolean hasLine() {
        return !batch || !result.equals(SUCCESS);
    }

    /** The call failed for a named reason. */
    void failed(CallFailed failure) {
        result = failure.failure().code();
        reason = failure.reason();
    }

    /** {@code ok}, or the code of the failure. */
    String result() {
        return result;
    }

    Line line() {
        return new Line(action, result, reason, who, grantee, record, made);
    }
}
