package dev.lunasec.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The identity object of a vault, and the location that its keyring pins. */
@Tag("pure")
class VaultIdentityTest {
    private static final byte[] LOOKUP = new byte[32];
    private static final byte[] OTHER = "x".repeat(32).getBytes(StandardCharsets.US_ASCII);

    /**
     * Computed with other code: {@code printf lunasec.dev/vault/v1 | openssl dgst -sha256 -mac HMAC -macopt
     * hexkey:00…}.
     */
    private static final String ID = "263b398ef5bdccfaaf63675c2d5dc597";

    private final VaultIdentity identity = new VaultIdentity(
            VaultId.of(LOOKUP), "shop", "vault", "0b7c2a5e-0000-4000-8000-000000000000", "2026-11-26T01:02:03Z");

    @Test
    void theIdIsThatOfOtherCode() {
        assertThat(VaultId.of(LOOKUP)).hasToString(ID);
        assertThat(BucketLayout.vault(VaultId.of(LOOKUP))).isEqualTo("vault/" + ID);
    }

    @Test
    void whatIsWrittenIsRead() {
        byte[] object = identity.write(LOOKUP);
        assertThat(VaultIdentity.read(object, LOOKUP)).contains(identity);
        assertThat(object).isEqualTo(identity.write(LOOKUP));
        assertThat(identity.isOf(identity.cluster(), "shop", "vault")).isTrue();
        assertThat(identity.isOf(identity.cluster(), "shop", "other")).isFalse();
        assertThat(identity.isOf(identity.cluster(), "mall", "vault")).isFalse();
        assertThat(identity.isOf("another cluster", "shop", "vault")).isFalse();
    }

    @Test
    void anotherLookupKeyOrAChangedByteIsNoIdentity() {
        byte[] object = identity.write(LOOKUP);
        assertThat(VaultIdentity.read(object, OTHER)).isEmpty();
        for (int i = 0; i < object.length; i++) {
            byte[] changed = object.clone();
            changed[i] ^= 1;
            assertThat(VaultIdentity.read(changed, LOOKUP)).as("byte %d", i).isEmpty();
        }
        assertThat(VaultIdentity.read(bytes(" " + new String(object, StandardCharsets.UTF_8)), LOOKUP))
                .isEmpty();
        assertThat(VaultIdentity.read(new byte[0], LOOKUP)).isEmpty();
        assertThat(VaultIdentity.read(bytes("null"), LOOKUP)).isEmpty();
        assertThat(VaultIdentity.read(bytes("{\"version\":1}"), LOOKUP)).isEmpty();
    }

    @Test
    void theKeyringPinsALocation() throws Exception {
        BucketLocation location = BucketLocation.of(URI.create("https://store:9000"), null, "us-east-1", "cards", true);
        assertThat(binding(location.write())).isEqualTo(new Binding.Bound(location, null));
        assertThat(location.write())
                .isEqualTo("{\"endpoint\":\"https://store:9000\",\"publicEndpoint\":null,\"region\":\"us-east-1\","
                        + "\"bucket\":\"cards\",\"pathStyleAccess\":true}");
        assertThat(binding(KeyringFiles.UNBOUND)).isEqualTo(new Binding.Unbound());
        assertThat(binding(null)).isEqualTo(new Binding.Released());
        assertThat(BucketLocation.read("{\"endpoint\":null,\"publicEndpoint\":null,\"region\":null,\"bucket\":\"b\","
                        + "\"pathStyleAccess\":true}"))
                .isEmpty();
        assertThatThrownBy(() -> binding("elsewhere"))
                .isInstanceOf(InvalidKeyring.class)
                .hasMessageContaining("remove the key to bind the vault again");
    }

    private static Binding binding(@Nullable String location) throws InvalidKeyring {
        Map<String, byte[]> files = new HashMap<>(Map.of("lookup", LOOKUP, "share-1", OTHER, "primary", bytes("1")));
        if (location != null) files.put("location", bytes(location));
        return KeyringFiles.parse(files).binding();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
