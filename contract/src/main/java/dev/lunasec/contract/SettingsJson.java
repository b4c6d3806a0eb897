package dev.lunasec.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Duration;

/**
 * The JSON form of {@link TokenizerSettings}: the reader and the writer of {@code settings.json}. A duration is a text
 * like {@code 1h20m}.
 */
final class SettingsJson {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(Duration.class, new WriteDuration())
                    .addDeserializer(Duration.class, new ReadDuration()))
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .defaultPropertyInclusion(JsonInclude.Value.ALL_NON_NULL)
            .build();

    private SettingsJson() {}

    /** @throws InvalidSettings naming the first wrong field */
    static TokenizerSettings read(String json) {
        try {
            TokenizerSettings settings = JSON.readValue(json, TokenizerSettings.class);
            if (settings == null) throw new InvalidSettings("settings.json is null; write a JSON object.");
            return settings;
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof InvalidSettings invalid) throw invalid;
            String field = e.getPath().stream()
                    .map(p -> p.getFieldName() == null ? "[" + p.getIndex() + "]" : p.getFieldName())
                    .reduce((a, b) -> b.startsWith("[") ? a + b : a + "." + b)
                    .orElse("settings.json");
            throw new InvalidSettings(field + " cannot be read: " + e.getOriginalMessage(), e);
        } catch (JsonProcessingException e) {
            throw new InvalidSettings("settings.json is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    static String write(TokenizerSettings settings) {
        try {
            return JSON.writeValueAsString(settings);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of strings and numbers can always be written", e);
        }
    }

    private static final class WriteDuration extends StdSerializer<Duration> {
        private static final long serialVersionUID = 1;

        WriteDuration() {
            super(Duration.class);
        }

        @Override
        public void serialize(Duration value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(GoDuration.format(value));
        }
    }

    private static final class ReadDuration extends StdDeserializer<Duration> {
        private static final long serialVersionUID = 1;

        ReadDuration() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser in, DeserializationContext context) throws IOException {
            String text = in.getValueAsString("");
            return GoDuration.parse(text)
                    .orElseThrow(() -> JsonMappingException.from(
                            in, "\"" + text + "\" is not a duration; write one like 30m or 1h20m10s."));
        }
    }
}
