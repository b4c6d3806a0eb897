package dev.lunasec.tokenizer.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.token.Token;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request: a JSON object, read strictly, whose fields are found whatever their case, as the original finds them.
 * Fields that no route knows are passed over; a field of null counts as absent.
 */
final class JsonBody {
    /** Metadata may take 16 KiB of it. */
    static final int LARGEST = 64 << 10;

    /**
     * How much of a body that is too large is read and thrown away. A caller who is still sending when the connection is closed may lose the
     * answer that says why; beyond this much that is its own affair.
     */
    private static final int DISCARDED = 16 << 20;

    private static final int DEEPEST = 16;
    static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // Numbers of the metadata come back as they were written.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Map<String, JsonNode> fields;

    private JsonBody(Map<String, JsonNode> fields) {
        this.fields = fields;
    }

    /**
     * Reads the body of a request.
     *
     * @throws CallFailed {@link ErrorCode#UNSUPPORTED_MEDIA_TYPE}, {@link ErrorCode#TOO_LARGE} or {@link ErrorCode#BAD_REQUEST}
     */
    static JsonBody of(Context ctx) {
        String type = ctx.contentType();
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new CallFailed(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body must be JSON; send Content-Type: application/json.");
        }
        if (ctx.req().getContentLengthLong() > DISCARDED) throw tooLarge();
        try (InputStream in = ctx.req().getInputStream()) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length <= LARGEST) return parse(bytes);
            discard(in);
        } catch (IOException | HttpException.RuntimeException e) {
            throw bad("The body was cut off, or its length is another than announced; send it again.");
        }
        throw tooLarge();
    }

    private static void discard(InputStream in) throws IOException {
        byte[] buffer = new byte[16 << 10];
        int n = 0;
        for (int total = 0; n >= 0 && total < DISCARDED; total += n) n = in.read(buffer);
    }

    private static JsonBody parse(byte[] bytes) {
        JsonNode json;
        try {
            json = JSON.readTree(bytes);
        } catch (IOException e) {
            // Bytes that are no text in any encoding of JSON fail outside of Jackson's own exceptions. Its text may
            // repeat what was sent.
            throw bad("The body is not JSON, is nested deeper than 16, or names a field twice; send one JSON object.");
        }
        if (!(json instanceof ObjectNode object)) throw bad("The body must be a JSON object.");
        Map<String, JsonNode> fields = new HashMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (fields.put(field.getKey().toLowerCase(Locale.ROOT), field.getValue()) != null) {
                throw bad("The body names a field twice, in upper and lower case; send each once.");
            }
        }
        return new JsonBody(fields);
    }

    Token token() {
        return Token.parse(text("tokenId"));
    }

    String text(String name) {
        return optionalText(name).orElseThrow(() -> bad("The field " + name + " is missing; send a text."));
    }

    Optional<String> optionalText(String name) {
        JsonNode value = field(name);
        if (value == null) return Optional.empty();
        if (!value.isTextual()) throw bad("The field " + name + " must be a text.");
        return Optional.of(value.textValue());
    }

    /** A whole number from {@code least} on. */
    OptionalLong optionalNumber(String name, long least, long most) {
        JsonNode value = field(name);
        if (value == null) return OptionalLong.empty();
        boolean fits = value.isIntegralNumber()
                && value.canConvertToLong()
                && value.longValue() >= least
                && value.longValue() <= most;
        if (!fits) throw bad("The field " + name + " must be a whole number from " + least + " to " + most + ".");
        return OptionalLong.of(value.longValue());
    }

    Optional<ObjectNode> optionalObject(String name) {
        JsonNode value = field(name);
        if (value == null) return Optional.empty();
        if (!(value instanceof ObjectNode object)) throw bad("The field " + name + " must be a JSON object.");
        return Optional.of(object);
    }

    private @Nullable JsonNode field(String name) {
        JsonNode value = fields.get(name.toLowerCase(Locale.ROOT));
        return value == null || value.isNull() ? null : value;
    }

    static CallFailed bad(String message) {
        return new CallFailed(ErrorCode.BAD_REQUEST, message);
    }

    private static CallFailed tooLarge() {
        return new CallFailed(ErrorCode.TOO_LARGE, "The body is over 64 KiB; the value itself goes to the upload URL.");
    }
}
