package dev.lunasec.tokenizer.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One record that other code made from {@code docs/records.md}, and all that may be done to it by those who must not
 * read it.
 */
@Tag("pure")
class RecordTest {
    private JsonNode vector;
    private Token token;
    private Keyring keyring;
    private Record record;

    @BeforeEach
    void readVector() throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/vectors/record.json"))) {
            vector = new ObjectMapper().readTree(in);
        }
        token = Token.parse(text("token"));
        keyring = keyring(Map.of("lookup", bytes("lookup"), "share-3", bytes("share-3")), 3);
        record = RecordJson.read(utf8(text("record")));
    }

    @Test
    void whatOtherCodeMadeFromTheDocumentationOpens() {
        Payload payload = new RecordCipher(keyring).open(token, record);
        assertThat(payload.dek()).isEqualTo(bytes("dek"));
        assertThat(payload.metadata()).isEqualTo(utf8("{\"dataType\":\"string\"}"));
        assertThat(payload.size()).hasValue(19);
        assertThat(payload.creator()).isEqualTo(text("creator")).isEqualTo(keyring.pseudonym("shop", "session-1"));
        assertThat(keyring.recordId(token).hex()).isEqualTo(text("id"));
        assertThat(keyring.objectName(token).hex()).isEqualTo(text("name"));
        assertThat(RecordJson.write(record)).isEqualTo(utf8(text("record")));
    }

    @Test
    void everyFlippedBitIsRefused() {
        byte[] json = utf8(text("record"));
        int refused = 0;
        for (int bit = 0; bit < json.length * 8; bit++) {
            byte[] flipped = flip(json, bit);
            refused(
                    () -> new RecordCipher(keyring).open(token, RecordJson.read(flipped)),
                    "bit " + bit + " of the text");
            refused++;
        }
        for (int bit = 0; bit < record.body().length * 8; bit++) {
            Record other = with(record.salt(), flip(record.body(), bit));
            refused(() -> new RecordCipher(keyring).open(token, other), "bit " + bit + " of the body");
        }
        for (int bit = 0; bit < record.salt().length * 8; bit++) {
            Record other = with(flip(record.salt(), bit), record.body());
            refused(() -> new RecordCipher(keyring).open(token, other), "bit " + bit + " of the salt");
        }
        for (int bit = 0; bit < 16 * 8; bit++) {
            byte[] flipped =
                    flip(HexFormat.of().parseHex(text("token").substring(8).replace("-", "")), bit);
            Token other = token(flipped);
            refused(() -> new RecordCipher(keyring).open(other, record), "bit " + bit + " of the token");
            // Also for someone who could make the names match.
            Record renamed = new Record(
                    keyring.recordId(other), 3, record.created(), record.expires(), record.salt(), record.body());
            refused(() -> new RecordCipher(keyring).open(other, renamed), "bit " + bit + " of the token, renamed");
        }
        for (int bit = 0; bit < 32 * 8; bit++) {
            Keyring otherShare = keyring(Map.of("lookup", bytes("lookup"), "share-3", flip(bytes("share-3"), bit)), 3);
            refused(() -> new RecordCipher(otherShare).open(token, record), "bit " + bit + " of the share");
            Keyring otherLookup = keyring(Map.of("lookup", flip(bytes("lookup"), bit), "share-3", bytes("share-3")), 3);
            refused(() -> new RecordCipher(otherLookup).open(token, record), "bit " + bit + " of the lookup key");
        }
        assertThat(refused).isEqualTo(json.length * 8).isGreaterThan(3_000);
    }

    @Test
    void allRecordsAndTheWholeKeyringOpenNothingWithoutTheToken() {
        // The attacker can take off the outer layer, as a rewrap does; the inner one is left.
        Keyring next =
                keyring(Map.of("lookup", bytes("lookup"), "share-3", bytes("share-3"), "share-4", new byte[32]), 4);
        Record rewrapped = new RecordCipher(next).rewrap(record);
        assertThat(indexOf(rewrapped.body(), bytes("dek"))).isEqualTo(-1);
        for (int i = 0; i < 1_000; i++) {
            Token guess = Token.random();
            Record renamed = new Record(
                    next.recordId(guess), 4, record.created(), record.expires(), rewrapped.salt(), rewrapped.body());
            refused(() -> new RecordCipher(next).open(guess, renamed), "a guessed token");
        }
    }

    @Test
    void tokensAndRecordsOpenNothingWithoutTheShare() {
        Keyring without = keyring(Map.of("lookup", bytes("lookup"), "share-1", bytes("share-3")), 1);
        refused(() -> new RecordCipher(without).open(token, record), "no share 3");
        Record renumbered =
                new Record(record.id(), 1, record.created(), record.expires(), record.salt(), record.body());
        refused(() -> new RecordCipher(without).open(token, renumbered), "under another number");
    }

    @Test
    void aRecordThatWasCopiedOrEditedIsRefused() {
        RecordCipher cipher = new RecordCipher(keyring);
        Token other = Token.random();
        Record copied = new Record(
                keyring.recordId(other), 3, record.created(), record.expires(), record.salt(), record.body());
        refused(() -> cipher.open(other, copied), "copied to another id");
        refused(() -> cipher.open(token, copied), "of another id");
        Record longer = new Record(record.id(), 3, record.created(), null, record.salt(), record.body());
        refused(() -> cipher.open(token, longer), "with its end taken off");
        Record later = new Record(
                record.id(), 3, record.created().plusSeconds(1), record.expires(), record.salt(), record.body());
        refused(() -> cipher.open(token, later), "with another beginning");
        refused(() -> cipher.rewrap(later), "edited, and handed to a rewrap");
    }

    @Test
    void anIdThatDoesNotBelongToTheTokenOpensNothing() {
        RecordCipher cipher = new RecordCipher(keyring);
        Token other = Token.random();
        assertThat(cipher.open(token, record.id(), record).dek()).isEqualTo(bytes("dek"));
        refused(() -> cipher.open(other, record.id(), record), "the id of the record, and another token");
        refused(() -> cipher.open(token, keyring.recordId(other), record), "the token, and another id");
    }

    @Test
    void aRewrapNeedsNoTokenAndKeepsAllButTheOuterLayer() {
        Keyring next =
                keyring(Map.of("lookup", bytes("lookup"), "share-3", bytes("share-3"), "share-4", new byte[32]), 4);
        Record moved = new RecordCipher(next).rewrap(record);
        assertThat(moved.share()).isEqualTo(4);
        assertThat(moved.id()).isEqualTo(record.id());
        assertThat(moved.salt()).isNotEqualTo(record.salt());
        Keyring after = keyring(Map.of("lookup", bytes("lookup"), "share-4", new byte[32]), 4);
        assertThat(new RecordCipher(after).open(token, moved).dek()).isEqualTo(bytes("dek"));
    }

    @Test
    void whatIsSealedOpensAndNoTwoSealsAreAlike() {
        RecordCipher cipher = new RecordCipher(keyring);
        Payload payload = Payload.withNewKey(new byte[0], OptionalLong.empty(), "");
        Record one = cipher.seal(token, payload, Instant.ofEpochSecond(1), null);
        Record two = cipher.seal(token, payload, Instant.ofEpochSecond(1), null);
        assertThat(one.body()).isNotEqualTo(two.body());
        assertThat(one.salt()).isNotEqualTo(two.salt());
        Payload read = cipher.open(token, RecordJson.read(RecordJson.write(one)));
        assertThat(read.dek()).isEqualTo(payload.dek());
        assertThat(read.size()).isEmpty();
        assertThat(read.metadata()).isEmpty();
    }

    @Test
    void nothingPrintsASecret() {
        String all = token + " " + keyring + " " + record + " " + new RecordCipher(keyring).open(token, record);
        assertThat(all).doesNotContain("1011", "8081", "a0a1", "lunasec-1", "string");
    }

    private Record with(byte[] salt, byte[] body) {
        return new Record(record.id(), record.share(), record.created(), record.expires(), salt, body);
    }

    private static void refused(Supplier<?> attempt, String what) {
        assertThatThrownBy(attempt::get).as(what).isInstanceOf(UnreadableRecord.class);
    }

    private static byte[] flip(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        return flipped;
    }

    private static Token token(byte[] bytes) {
        String hex = HexFormat.of().formatHex(bytes);
        return Token.parse("lunasec-" + hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
    }

    private static Keyring keyring(Map<String, byte[]> keys, int primary) {
        Map<String, byte[]> files = new HashMap<>(keys);
        files.put("primary", utf8(Integer.toString(primary)));
        return Keyring.of(files);
    }

    private static int indexOf(byte[] all, byte[] part) {
        for (int i = 0; i + part.length <= all.length; i++) {
            if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) return i;
        }
        return -1;
    }

    private String text(String name) {
        return vector.get(name).textValue();
    }

    private byte[] bytes(String name) {
        return HexFormat.of().parseHex(text(name));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
