package dev.lunasec.tokenizer.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;

/**
 * Records as the JSON that the bucket holds. One record has one text: a text that differs by a single bit is rejected,
 * even if a JSON reader would see the same values.
 */
public final class RecordJson {
    /** The media type of a record. */
    public static final String TYPE = "application/json";

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private RecordJson() {}

    /** The text of a record, in UTF-8. */
    public static byte[] write(Record record) {
        ObjectNode json = JSON.createObjectNode()
                .put("version", Record.VERSION)
                .put("id", record.id().hex())
                .put("share", record.share())
                .put("created", record.created().toString())
                .put(
                        "expires",
                        record.expires() == null ? null : record.expires().toString())
                .put("salt", Base64.getEncoder().encodeToString(record.salt()))
                .put("body", Base64.getEncoder().encodeToString(record.body()));
        return Crypto.utf8(json.toString());
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws UnreadableRecord for any text that {@link #write} did not write
     */
    public static Record read(byte[] text) {
        Record record = parse(text);
        if (!Arrays.equals(text, write(record))) throw new UnreadableRecord("its text is not the one that was written");
        return record;
    }

    /**
     * Reads a record that was found under a name.
     *
     * @throws UnreadableRecord also for the record of another name
     */
    public static Record read(byte[] text, RecordId id, int share) {
        Record record = read(text);
        if (record.id().equals(id) && record.share() == share) return record;
        throw new UnreadableRecord("it has the name of another record");
    }

    private static Record parse(byte[] text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (json.path("version").asInt() != Record.VERSION) throw new UnreadableRecord("its version is not 1");
            JsonNode expires = json.path("expires");
            byte[] salt = Base64.getDecoder().decode(json.path("salt").asText());
            // An empty one is no key for HMAC.
            if (salt.length != Record.SALT) throw new UnreadableRecord("its salt does not have 32 bytes");
            return new Record(
                    new RecordId(json.path("id").asText()),
                    json.path("share").asInt(),
                    time(json.path("created")),
                    expires.isTextual() ? time(expires) : null,
                    salt,
                    Base64.getDecoder().decode(json.path("body").asText()));
        } catch (IOException | DateTimeParseException | IllegalArgumentException e) {
            throw new UnreadableRecord("its text is not that of a record");
        }
    }

    /** The seal covers whole seconds alone, so a fraction could be added to a sealed record. */
    private static Instant time(JsonNode json) {
        Instant time = Instant.parse(json.asText());
        if (!time.equals(time.truncatedTo(ChronoUnit.SECONDS)))
            throw new UnreadableRecord("a time in it has a fraction of a second");
        return time;
    }
}
