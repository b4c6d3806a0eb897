package dev.lunasec.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** JSON without white space, of which exactly one text is valid for each value: any other text is refused. */
final class StrictJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    static byte[] write(Record value) {
        try {
            return JSON.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of texts, numbers and truth values can always be written", e);
        }
    }

    /** The value; empty if the text is not the one that {@link #write} gives for it. */
    static <T extends Record> Optional<T> read(byte[] json, Class<T> type) {
        try {
            T value = JSON.readValue(new String(json, StandardCharsets.UTF_8), type);
            return value != null && Arrays.equals(write(value), json) ? Optional.of(value) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
