package dev.lunasec.operator.keyring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.KeyringFiles;
import dev.lunasec.contract.ReceiptEra;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class KeyringIndexTest {
    private static final Instant NOW = Instant.parse("2026-04-01T12:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();

    @Test
    void aGeneratedKeyringIsReadableAndItsIndexHoldsNoKey() throws Exception {
        Map<String, String> data = KeyringChanges.generate(3, NOW, RANDOM);
        KeyringIndex keyring = KeyringIndex.read(data);
        assertThat(keyring).isEqualTo(new KeyringIndex(1, List.of(1), 3, NOW, null));
        assertThat(keyring.announcement()).hasToString("primary=1 shares=1");
        assertThat(Base64.getDecoder().decode(data.get("lookup"))).hasSize(32);
        assertThat(data.get("lookup")).isNotEqualTo(data.get("share-1"));
        assertThat(KeyringChanges.generate(3, NOW, RANDOM).get("lookup")).isNotEqualTo(data.get("lookup"));
    }

    @Test
    void eachDefectOfAKeyringIsReported() {
        unreadable("lookup", null, "no key lookup");
        unreadable("lookup", "c2hvcnQ=", "lookup of the keyring is not 32 bytes");
        unreadable("share-1", "c2hvcnQ=", "share-1 of the keyring is not 32 bytes");
        unreadable("primary", "eA==", "not a number");
        unreadable("primary", "Mg==", "share 2 is primary, but does not hold it");
    }

    @Test
    void aChangedLookupKeyIsRejected() {
        String other = KeyringChanges.generate(1, NOW, RANDOM).get("lookup");
        unreadable("lookup", other, "it makes the names of all records, so it can't be rotated");
    }

    @Test
    void aRotationReplacesTheShareAndRecordsItsDuration() throws Exception {
        Map<String, String> data = new HashMap<>(KeyringChanges.generate(1, NOW, RANDOM));
        data.putAll(KeyringChanges.addShare(2, 5, NOW.plusSeconds(60), RANDOM));
        assertThat(KeyringIndex.read(data)).isEqualTo(new KeyringIndex(1, List.of(1, 2), 5, NOW.plusSeconds(60), null));
        data.putAll(KeyringChanges.makePrimary(2));
        Map<String, String> retired = new HashMap<>(KeyringChanges.retire(data, 1, NOW.plusSeconds(90)));
        String share = data.get("share-1");
        ReceiptEra receipts =
                requireNonNull(KeyringFiles.parse(decoded(data)).receipts().get(1));
        apply(data, KeyringChanges.removeShare(data, 1, true, KeyringIndex.read(data), NOW.plusSeconds(91)));
        assertThat(KeyringFiles.parse(decoded(data)).receipts().get(1))
                .as("the public key of its receipts stays")
                .isEqualTo(new ReceiptEra(
                        receipts.x(), NOW.toString(), NOW.plusSeconds(91).toString(), true));
        assertThat(KeyringIndex.read(data))
                .isEqualTo(new KeyringIndex(
                        2,
                        List.of(2),
                        5,
                        NOW.plusSeconds(60),
                        new KeyringIndex.CompletedRotation(NOW.plusSeconds(60), NOW.plusSeconds(91))));
        assertThat(KeyringIndex.retired(retired)).isEqualTo(Map.of(1, NOW.plusSeconds(90)));
        assertThat(KeyringChanges.restoreShare(retired, 1)).isEqualTo(Map.of("share-1", share));
        apply(retired, KeyringChanges.removeRetired(1));
        assertThat(retired).isEmpty();
    }

    private static Map<String, byte[]> decoded(Map<String, String> data) {
        Map<String, byte[]> files = new HashMap<>();
        data.forEach((key, value) -> files.put(key, Base64.getDecoder().decode(value)));
        return files;
    }

    private static void apply(Map<String, String> data, Map<String, @Nullable String> change) {
        change.forEach((key, value) -> {
            if (value == null) data.remove(key);
            else data.put(key, value);
        });
    }

    private static void unreadable(String key, @Nullable String value, String sentence) {
        Map<String, String> data = new HashMap<>(KeyringChanges.generate(1, NOW, RANDOM));
        if (value == null) data.remove(key);
        else data.put(key, value);
        assertThatThrownBy(() -> KeyringIndex.read(data))
                .isInstanceOf(KeyringIndex.Unreadable.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void aKeyringIsCreatedOnlyAfterTheStoreListedNoRecords() {
        assertThat(missing(RecordPresence.NONE)).isInstanceOf(KeyringState.NotCreated.class);
        assertThat(missing(RecordPresence.SOME)).isInstanceOf(KeyringState.Lost.class);
        assertThat(missing(RecordPresence.UNKNOWN)).isInstanceOf(KeyringState.Unknown.class);
    }

    @Test
    void theStoreIsNotAskedWhenTheKeyringExists() {
        KeyringState state = KeyringState.of(
                "k",
                Optional.of(new KeyringState.SecretContent(KeyringChanges.generate(1, NOW, RANDOM), "u", false)),
                () -> {
                    throw new AssertionError("asked");
                });
        assertThat(state).isInstanceOf(KeyringState.Present.class);
    }

    private static KeyringState missing(RecordPresence records) {
        return KeyringState.of("k", Optional.empty(), () -> records);
    }
}
