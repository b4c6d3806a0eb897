package dev.lunasec.operator.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.operator.keyring.KeyringState.Records;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyringTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @Test
    void whatIsMadeCanBeReadAndSaysNothingSecret() throws Exception {
        Map<String, String> data = Keyring.generate(3, RANDOM);
        Keyring keyring = Keyring.read(data);
        assertThat(keyring.primary()).isEqualTo(3);
        assertThat(keyring.shares()).containsExactly(3);
        assertThat(keyring.announcement()).isEqualTo("primary=3 shares=3");
        assertThat(Base64.getDecoder().decode(data.get("lookup"))).hasSize(32);
        assertThat(data.get("lookup")).isNotEqualTo(data.get("share-3"));
        assertThat(Keyring.generate(3, RANDOM).get("lookup")).isNotEqualTo(data.get("lookup"));
    }

    @Test
    void whatIsNoKeyringIsNamed() {
        unreadable("lookup", null, "no key lookup");
        unreadable("lookup", "c2hvcnQ=", "lookup of the keyring is not 32 bytes");
        unreadable("share-1", "c2hvcnQ=", "share-1 of the keyring is not 32 bytes");
        unreadable("primary", "eA==", "not a number");
        unreadable("primary", "Mg==", "share 2 is primary, but does not hold it");
    }

    private static void unreadable(String key, @org.jspecify.annotations.Nullable String value, String sentence) {
        Map<String, String> data = new HashMap<>(Keyring.generate(1, RANDOM));
        if (value == null) data.remove(key);
        else data.put(key, value);
        assertThatThrownBy(() -> Keyring.read(data))
                .isInstanceOf(Keyring.Unreadable.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void oneIsMadeOnlyWhenTheStoreHasSaidThatThereAreNoRecords() {
        assertThat(missing(Records.NONE)).isInstanceOf(KeyringState.MayBeMade.class);
        assertThat(missing(Records.SOME)).isInstanceOf(KeyringState.Lost.class);
        assertThat(missing(Records.UNKNOWN)).isInstanceOf(KeyringState.Undecided.class);
    }

    @Test
    void theStoreIsNotAskedAboutAKeyringThatIsThere() {
        KeyringState state = KeyringState.of(
                "k", Optional.of(new KeyringState.Found(Keyring.generate(1, RANDOM), "u", false)), () -> {
                    throw new AssertionError("asked");
                });
        assertThat(state).isInstanceOf(KeyringState.Present.class);
    }

    private static KeyringState missing(Records records) {
        return KeyringState.of("k", Optional.empty(), () -> records);
    }
}
