package dev.lunasec.tokenizer.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.tokenizer.testing.TestKeyring;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A record as a pod keeps it in memory: its outer layer is opened, and its inner one is not. */
@Tag("pure")
class OpenedOuterLayerTest {
    private static final Keyring KEYRING = TestKeyring.of(2, 1, 2);
    private static final Keyring WITHOUT_SHARE_2 = TestKeyring.of(1, 1);

    private final RecordCipher cipher = new RecordCipher(KEYRING);
    private final Token token = Token.random();
    private final Payload payload = Payload.withNewKey(utf8("{\"type\":\"card\"}"), OptionalLong.of(19), "creator");
    private final Record record = cipher.seal(token, payload, Instant.ofEpochSecond(1), Instant.ofEpochSecond(9));

    @Test
    void theTokenOpensTheInnerLayer() {
        Payload opened = cipher.open(token, cipher.withOuterLayerOpened(record));
        assertThat(opened.dek()).isEqualTo(payload.dek());
        assertThat(opened.metadata()).isEqualTo(payload.metadata());
    }

    @Test
    void theOuterLayerIsNotOpenedAgain() {
        byte[] body = record.body().clone();
        Record opened = cipher.withOuterLayerOpened(with(record, body, null));
        body[20] ^= 1;
        assertThat(cipher.open(token, opened).dek()).isEqualTo(payload.dek());
        refused(() -> cipher.open(token, with(record, body, null)), "the same body with its outer layer closed");
    }

    @Test
    void withoutTheTokenNothingIsReadable() {
        Record opened = cipher.withOuterLayerOpened(record);
        String inner = text(Objects.requireNonNull(opened.inner()));
        assertThat(inner).doesNotContain(text(payload.dek()), text(payload.metadata()), payload.creator());
        refused(() -> cipher.open(Token.random(), record.id(), opened), "another token");
        assertThat(opened.toString()).isEqualTo(record.toString());
    }

    @Test
    void withoutTheShareItOpensNothing() {
        Record opened = cipher.withOuterLayerOpened(record);
        RecordCipher without = new RecordCipher(WITHOUT_SHARE_2);
        refused(() -> without.open(token, opened), "the share was removed");
        refused(() -> without.rewrap(opened), "the share was removed before a rewrap");
        assertThat(without.withOuterLayerOpened(record)).isSameAs(record);
    }

    @Test
    void everyFlippedBitOfTheInnerLayerIsRefused() {
        Record opened = cipher.withOuterLayerOpened(record);
        byte[] inner = Objects.requireNonNull(opened.inner());
        for (int bit = 0; bit < inner.length * 8; bit++) {
            byte[] flipped = inner.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            refused(() -> cipher.open(token, with(opened, opened.body(), flipped)), "bit " + bit);
        }
    }

    @Test
    void anOuterLayerThatDoesNotOpenStaysClosed() {
        byte[] damaged = record.body().clone();
        damaged[20] ^= 1;
        Record unreadable = with(record, damaged, null);
        assertThat(cipher.withOuterLayerOpened(unreadable)).isSameAs(unreadable);
        refused(() -> cipher.open(token, unreadable), "a damaged body");
    }

    @Test
    void itIsStoredAsARecordWhoseOuterLayerIsClosed() {
        Record opened = cipher.withOuterLayerOpened(record);
        assertThat(RecordJson.write(opened)).isEqualTo(RecordJson.write(record));
        assertThat(RecordJson.read(RecordJson.write(opened)).inner()).isNull();
    }

    private static Record with(Record record, byte[] body, byte @Nullable [] inner) {
        return new Record(record.id(), record.share(), record.created(), record.expires(), record.salt(), body, inner);
    }

    private static void refused(Supplier<?> attempt, String what) {
        assertThatThrownBy(attempt::get).as(what).isInstanceOf(UnreadableRecord.class);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One character for each byte. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
