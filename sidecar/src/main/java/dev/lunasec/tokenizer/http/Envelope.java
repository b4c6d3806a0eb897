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
}
