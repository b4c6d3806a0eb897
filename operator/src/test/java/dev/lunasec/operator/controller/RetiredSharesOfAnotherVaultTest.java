package dev.lunasec.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.operator.World;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A vault of the same name existed before, and left its Secret of retired shares. The proof of this vault's bucket says
 * nothing about the records of the other one.
 */
@Tag("api-server")
class RetiredSharesOfAnotherVaultTest {
    private static final String NAME = "vault-keyring-retired";
    private static final Map<String, String> SHARE_7 =
            Map.of("share-7", base64("7".repeat(32)), "retired-7", base64("2020-01-01T00:00:00Z"));

    private World world;

    @BeforeEach
    void start() throws Exception {
        world = new World();
        world.apply("");
        world.awaitCondition("Ready", "True", "AllReady");
        leave(SHARE_7);
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    @Test
    void aRetiredShareOfAnotherVaultIsNotDestroyedWhenItsGracePeriodIsOver() {
        world.apply("  keys: {gracePeriod: 0s}\n");
        world.awaitCondition("KeysReady", "False", "RetiredSharesUnusable");
        assertThat(world.condition("KeysReady").getMessage()).contains(NAME).contains("lunasec.dev/vault-id");
        assertThat(world.secret(NAME).getData()).isEqualTo(SHARE_7);

        world.client.secrets().inNamespace(world.namespace).withName(NAME).delete();
        world.awaitCondition("Ready", "True", "AllReady");
    }

    @Test
    void aRetiredShareOfAnotherVaultDoesNotComeIntoTheKeyring() {
        world.apply("  keys: {keep: [7]}\n");
        world.awaitCondition("KeysReady", "False", "RetiredSharesUnusable");
        assertThat(world.secret("vault-keyring").getData()).doesNotContainKey("share-7");
        assertThat(world.secret(NAME).getData()).isEqualTo(SHARE_7);
    }

    private void leave(Map<String, String> data) {
        world.client
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .withNamespace(world.namespace)
                        .addToAnnotations("lunasec.dev/vault-id", "0123456789abcdef0123456789abcdef")
                        .endMetadata()
                        .withData(data)
                        .build())
                .create();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
}
