package dev.lunasec.tokenizer.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.contract.NoGrantReason;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The form of every answer: {@code success}, {@code error} and {@code data}. A failure is named twice, as the
 * original's server and as its published contract name it: its clients read one or the other.
 */
public final class Envelope {
    /** When a caller should try again who was refused for now. */
    public static final String RETRY_AFTER_SECONDS = "2";

    /** The answer to a call that returns nothing is a record without fields. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private Envelope() {}

    /**
     * An answer to a call that was served.
     *
     * @param data a record that Jackson writes as a JSON object
     */
    public static byte[] success(Object data) {
        try {
            return JSON.writeValueAsBytes(served(data));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("every answer can be written as JSON", e);
        }
    }

    /** The same for an item of a batch: a part of the data of an answer. */
    public static Object served(Object data) {
        return new Success(true, Map.of(), data);
    }

    private record Success(boolean success, Map<String, String> error, Object data) {}

    /** The answer to a call that failed. */
    public static byte[] failure(CallFailed failed) {
        return refused(failed).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The same for an item of a batch. */
    public static ObjectNode refused(CallFailed failed) {
        String code = failed.failure().code();
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("success", false);
        ObjectNode error = answer.putObject("error")
                .put("name", code)
                .put("message", failed.sentence())
                .put("errorName", code)
                .put("errorMessage", failed.sentence());
        NoGrantReason reason = failed.noGrant();
        if (reason != null) error.put("reason", reason.word());
        answer.putObject("data");
        return answer;
    }
}
