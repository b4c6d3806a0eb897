package dev.lunasec.tokenizer.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.contract.ErrorCode;
import java.nio.charset.StandardCharsets;

/**
 * The form of every answer: {@code success}, {@code error} and {@code data}. A failure is named twice, as the original's server and as its
 * published contract name it: its clients read one or the other.
 */
public final class Envelope {
    /** When a caller should try again who was refused for now. */
    public static final String RETRY_AFTER_SECONDS = "2";

    private Envelope() {}

    public static byte[] success(ObjectNode data) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("success", true);
        answer.putObject("error");
        answer.set("data", data);
        return answer.toString().getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] failure(ErrorCode failure, String message) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("success", false);
        answer.putObject("error")
                .put("name", failure.code())
                .put("message", message)
                .put("errorName", failure.code())
                .put("errorMessage", message);
        answer.putObject("data");
        return answer.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The HTTP status of a failure. */
    public static int status(ErrorCode failure) {
        return switch (failure) {
            case BAD_REQUEST, MALFORMED_TOKEN, BAD_DURATION -> 400;
            case UNAUTHENTICATED, SESSION_MISMATCH -> 401;
            case NOT_ALLOWED, NO_GRANT -> 403;
            case NO_SUCH_ROUTE, UNKNOWN_TOKEN -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case TOO_LARGE -> 413;
            case UNSUPPORTED_MEDIA_TYPE -> 415;
            case TOO_MANY_REQUESTS -> 429;
            case CORRUPT_RECORD, INTERNAL -> 500;
            case NOT_SUPPORTED -> 501;
            case GRANTS_UNAVAILABLE, STORAGE_UNAVAILABLE, ISSUER_UNAVAILABLE, TOKENIZER_UNAVAILABLE, STOPPING -> 503;
        };
    }

    /** Whether the same call may go well a little later. */
    public static boolean isForNow(ErrorCode failure) {
        int status = status(failure);
        return status == 503 || status == 429;
    }
}
