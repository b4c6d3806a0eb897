package dev.lunasec.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.VaultId;
import dev.lunasec.operator.World;
import dev.lunasec.operator.keyring.KeyringChanges;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.keyring.KeyringState.Present;
import dev.lunasec.operator.keyring.RecordPresence;
import dev.lunasec.operator.model.Names;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A share leaves the keyring only if the Secret of retired shares holds a copy of it. */
@Tag("api-server")
class KeyringSecretsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();

    private World world;
    private KeyringSecrets secrets;

    @BeforeEach
    void aKeyringWithTwoShares() throws Exception {
        world = World.withoutOperator();
        Names names = new Names(world.namespace, "vault");
        secrets = new KeyringSecrets(names, world.client);
        Map<String, String> data = new TreeMap<>(KeyringChanges.generate(1, NOW, RANDOM));
        data.putAll(KeyringChanges.addShare(2, 2, NOW, RANDOM));
        data.putAll(KeyringChanges.makePrimary(2));
        VaultId id = VaultId.of(Base64.getDecoder().decode(data.get("lookup")));
        world.client
                .resource(KeyringSecrets.secret(names, names.keyring(), id, data))
                .create();
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    @Test
    void aShareWhoseCopyIsGoneStaysInTheKeyring() {
        assertThatThrownBy(() -> secrets.retire(keyring(), 1, false, NOW)).hasMessageContaining("share 1");
        assertThat(data("vault-keyring")).containsKey("share-1");
    }

    @Test
    void aShareWhoseCopyDiffersStaysInTheKeyring() {
        secrets.copyToRetired(1, "", NOW);
        world.client
                .secrets()
                .inNamespace(world.namespace)
                .withName("vault-keyring-retired")
                .edit(secret -> secret.edit()
                        .addToData("share-1", data("vault-keyring").get("share-2"))
                        .build());
        assertThatThrownBy(() -> secrets.retire(keyring(), 1, false, NOW)).hasMessageContaining("share 1");
        assertThat(data("vault-keyring")).containsKey("share-1");
    }

    @Test
    void aShareThatWasCopiedLeavesTheKeyring() {
        String share = data("vault-keyring").get("share-1");
        secrets.copyToRetired(1, "", NOW);
        secrets.retire(keyring(), 1, false, NOW);
        assertThat(data("vault-keyring")).doesNotContainKey("share-1").containsKeys("share-2", "receipt-1");
        assertThat(data("vault-keyring-retired")).containsEntry("share-1", share);
    }

    private Present keyring() {
        return (Present) KeyringState.of("vault-keyring", secrets.keyring(), () -> RecordPresence.UNKNOWN);
    }

    private Map<String, String> data(String secret) {
        return world.secret(secret).getData();
    }
}
