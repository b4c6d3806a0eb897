package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The local system uses the store that the environment names, and says what is missing in it. */
@Tag("pure")
class StorePlaceTest {
    private final Map<String, String> environment = new HashMap<>(Map.of(
            "S3_ENDPOINT", "https://127.0.0.1:9000",
            "S3_REGION", "us-east-1",
            "S3_ACCESS_KEY", "access",
            "S3_SECRET_KEY", "secret"));

    @Test
    void withoutAnEndpointTheStoreIsTheEmbeddedOne() {
        environment.remove("S3_ENDPOINT");
        assertThat(StorePlace.named(environment)).isEmpty();
    }

    @Test
    void theVaultGetsTheNamedStoreAndABucketOfItsOwn(@TempDir Path folder) throws Exception {
        Path authority = Files.writeString(folder.resolve("ca.pem"), "the authority");
        environment.put("S3_CA", authority.toString());
        StorePlace place = StorePlace.named(environment).orElseThrow();
        GenericKubernetesResource vault = LocalVault.on(
                LocalVault.read(Files.readString(Path.of("../examples/vault.yaml"))),
                place,
                URI.create("http://127.0.0.1/jwks"));
        Map<String, Object> storage = vault.get("spec", "storage");
        assertThat(storage)
                .containsEntry("endpoint", "https://127.0.0.1:9000")
                .containsEntry("region", "us-east-1")
                .containsEntry("trustedCA", Map.of("configMapName", "s3-authority", "key", "ca.crt"));
        assertThat(storage.get("bucket")).asString().matches("payments-vault-[0-9a-f]{8}");
        assertThat(place.authorityPem()).isEqualTo("the authority");
        assertThat(place.toString()).doesNotContain("secret");
    }

    @Test
    void whatIsMissingOrWrongIsNamed() {
        environment.put("S3_CA", "/nowhere");
        assertRefused("S3_CA is not a file");
        environment.put("S3_ENDPOINT", "127.0.0.1:9000");
        assertRefused("S3_ENDPOINT is not a URL");
        environment.remove("S3_SECRET_KEY");
        assertRefused("S3_SECRET_KEY is not set");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> StorePlace.named(environment))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(message);
    }
}
