package dev.lunasec.tokenizer.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the record of a request from a JSON object. Field names match in any case, as in the original. Fields that the
 * record does not have are ignored; a field of null counts as absent. A value of another type is rejected and never
 * converted.
 */
final class RequestJson {
    private static final int DEEPEST = 16;

    /** A time with a date, seconds and an offset; Java's parser takes times without seconds too. */
    private static final Pattern TIME = Pattern.compile(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})",
            Pattern.CASE_INSENSITIVE);

    private static final ObjectMapper JSON = mapper(DEEPEST);

    /** An item of a batch may be as deep as the body of a single call; the body of a batch is two deeper. */
    private static final ObjectMapper BATCH = mapper(DEEPEST + 2);

    private RequestJson() {}

    private static ObjectMapper mapper(int deepest) {
        return JsonMapper.builder(JsonFactory.builder()
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(deepest)
                                .build())
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                // Numbers of the metadata come back as they were written.
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .nodeFactory(new BoundedNumbers())
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
                .defaultLocale(Locale.ROOT)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(LogicalType.Textual, text -> {
                    for (CoercionInputShape other :
                            List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
                        text.setCoercion(other, CoercionAction.Fail);
                    }
                })
                .build();
    }

    /**
     * Parses a body.
     *
     * @throws CallFailed {@link ErrorCode#BAD_REQUEST} if it is not JSON
     */
    static JsonNode parse(byte[] body, boolean isBatch) {
        try {
            return (isBatch ? BATCH : JSON).readTree(body);
        } catch (IOException | NumberFormatException e) {
            // Bytes that are no text in any encoding of JSON, and numbers that no class of Java holds, fail with other
            // exceptions than those of Jackson. The exception's text may repeat what was sent.
            throw bad("The body is not JSON, is nested deeper than 16, names a field twice, or has a number with an"
                    + " exponent over 1000; send one JSON object.");
        }
    }

    /**
     * Reads a body, or an item of a batch.
     *
     * @throws CallFailed {@link ErrorCode#BAD_REQUEST}, naming the field that is wrong; or what the record's
     *     constructor throws
     */
    static <T> T read(JsonNode body, Class<T> request) {
        if (!(body instanceof ObjectNode object)) throw bad("The body must be a JSON object.");
        try {
            return JSON.treeToValue(withoutNulls(object), request);
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof CallFailed failed) throw failed;
            throw wrongType(e);
        } catch (JacksonException e) {
            throw new IllegalStateException("a tree that was read is not read again", e);
        }
    }

    /** Metadata as the vault keeps it. */
    static JsonNode metadata(byte[] json) throws IOException {
        return json.length == 0 ? JsonNodeFactory.instance.objectNode() : JSON.readTree(json);
    }

    /** For the constructors of requests: a field that must be there. */
    static void require(String field, @Nullable String value) {
        if (value == null) throw bad("The field " + field + " is missing; send a text.");
    }

    /** For the constructors of requests: a number within bounds, if it is there. */
    static void requireRange(String field, @Nullable Long value, long least, long most) {
        if (value == null || (value >= least && value <= most)) return;
        throw bad("The field " + field + " must be a whole number from " + least + " to " + most + ".");
    }

    /** For the constructors of requests: an object that UTF-8 can hold, so that it comes back as it was sent. */
    static void requireWholeCharacters(String field, @Nullable ObjectNode value) {
        if (value == null || StandardCharsets.UTF_8.newEncoder().canEncode(value.toString())) return;
        throw bad("The field " + field + " has half of a surrogate pair; send whole characters.");
    }

    /**
     * A time as RFC 3339 writes it, without its fraction of a second.
     *
     * @throws CallFailed {@link ErrorCode#BAD_REQUEST} for any other text
     */
    static Instant time(String field, String text) {
        try {
            if (TIME.matcher(text).matches()) {
                return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.SECONDS);
            }
        } catch (DateTimeParseException e) {
            // It has the form of a time, and names a day or an hour that does not exist. The exception repeats it.
        }
        throw bad("The field " + field + " is not a time; write one like 2030-12-31T23:59:59Z.");
    }

    /** For the constructors of requests: a number within bounds, which must be there. */
    static void requireNumber(String field, @Nullable Long value, long least, long most) {
        if (value == null) throw bad("The field " + field + " is missing; send a whole number.");
        requireRange(field, value, least, most);
    }

    static CallFailed bad(String message) {
        return new CallFailed(ErrorCode.BAD_REQUEST, message);
    }

    /** Without the fields of null, and with no two fields whose names differ in case alone. */
    private static ObjectNode withoutNulls(ObjectNode object) {
        ObjectNode present = JsonNodeFactory.instance.objectNode();
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!names.add(field.getKey().toLowerCase(Locale.ROOT))) {
                throw bad("The body names a field twice, in upper and lower case; send each once.");
            }
            if (!field.getValue().isNull()) present.set(field.getKey(), field.getValue());
        }
        return present;
    }

    private static CallFailed wrongType(JsonMappingException e) {
        // Of an object in a list, the innermost field; a place in the list has no name.
        String field = e.getPath().stream()
                .map(JsonMappingException.Reference::getFieldName)
                .filter(Objects::nonNull)
                .reduce("", (outer, inner) -> inner);
        Class<?> expected = e instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : Long.class;
        String type = expected == String.class
                ? "a text"
                : expected == ObjectNode.class || expected.isRecord()
                        ? "a JSON object"
                        : Collection.class.isAssignableFrom(expected)
                                ? "a list"
                                : "a whole number below 2^63, without quotes";
        boolean isEntry = !e.getPath().isEmpty() && e.getPath().getLast().getIndex() >= 0;
        return bad((isEntry ? "Each entry of the field " : "The field ") + field + " must be " + type + ".");
    }
}
