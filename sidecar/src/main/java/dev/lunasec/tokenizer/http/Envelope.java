package dev.lunasec.tokenizer.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.contract.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The form of every answer: {@code success}, {@code error} and {@code data}. A failure is named twice, as the original's server and as its
 * published contract name it: its clients read one or the other.
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

    public static byte[] failure(ErrorCode failure, String message) {
        return refused(failure, message).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The same for an item of a batch. */
    public static ObjectNode refused(ErrorCode failure, String message) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("success", false);
        answer.putObject("error")
                .put("name", failure.code())
                .put("message", message)
                .put("errorName", failure.code())
                .put("errorMessage", message);
        answer.putObject("data");
        return answer;
    }
}
