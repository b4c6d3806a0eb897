package dev.lunasec.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.BucketLocation;
import dev.lunasec.contract.VaultId;
import dev.lunasec.operator.World;
import dev.lunasec.operator.dependent.KeyringDeletion;
import dev.lunasec.operator.dependent.KeyringSecrets;
import dev.lunasec.operator.keyring.KeyringChanges;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.keyring.KeyringState.Present;
import dev.lunasec.operator.keyring.RecordPresence;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.observe.VaultObserver;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An operator that was paused between its observation and its write, while another one went on, changes nothing in the
 * two Secrets: the API server rejects its write.
 */
@Tag("api-server")
class StaleOperatorTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();

    private World world;
    private Names names;
    private KeyringSecrets paused;
    private KeyringSecrets other;

    private interface Write {
        void to(KeyringSecrets secrets, Present keyring, String retiredVersion);
    }

    @BeforeEach
    void start() throws Exception {
        world = World.withoutOperator();
        world.apply("");
        Tokenizer vault = world.vault().get();
        names = Names.of(vault);
        create(names.keyring(), KeyringChanges.generate(1, NOW, RANDOM));
        paused = new KeyringSecrets(names, world.client);
        other = new KeyringSecrets(names, world.client);
        other.addShare(present(), 2, 2, NOW);
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    @Test
    void everyWriteToTheKeyringThatWasDecidedOnAnOldVersionIsRejected() {
        other.copyToRetired(1, "", NOW);
        BucketLocation location = VaultObserver.location(world.vault().get());
        Map<String, Write> writes = Map.of(
                "Generate", (secrets, keyring, retired) -> secrets.addShare(keyring, 3, 3, NOW),
                "Promote", (secrets, keyring, retired) -> secrets.makePrimary(keyring, 2),
                "Retire", (secrets, keyring, retired) -> secrets.retire(keyring, 1, false, NOW),
                "Restore", (secrets, keyring, retired) -> secrets.restore(keyring, 1),
                "Bind", (secrets, keyring, retired) -> secrets.bind(keyring, location, "cluster"),
                "Delete", (secrets, keyring, retired) -> secrets.beginDeletion(keyring, NOW));
        writes.forEach((name, write) -> assertRejected(name, write, this::changeKeyring));
    }

    @Test
    void everyWriteToTheRetiredSharesThatWasDecidedOnAnOldVersionIsRejected() {
        other.copyToRetired(1, "", NOW);
        Map<String, Write> writes = Map.of(
                "CopyToRetired", (secrets, keyring, retired) -> secrets.copyToRetired(1, retired, NOW),
                "Destroy", (secrets, keyring, retired) -> secrets.removeRetired(1, retired));
        writes.forEach((name, write) -> assertRejected(name, write, this::changeRetired));
    }

    @Test
    void theSecretOfRetiredSharesIsCreatedOnce() {
        assertRejected(
                "the first copy",
                (secrets, keyring, retired) -> secrets.copyToRetired(2, retired, NOW),
                () -> other.copyToRetired(1, "", NOW));
        assertThat(retiredData()).containsKey("share-1").doesNotContainKey("share-2");
    }

    @Test
    void theKeyringOfANewVaultKeepsItsFinalizerWhenAnOperatorGoesOnWithTheDeletionOfTheOldOne() {
        Present old = present();
        Runnable newVault = () -> {
            // The other operator ends the deletion, and a vault of the same name gets a keyring.
            world.client
                    .secrets()
                    .inNamespace(names.namespace())
                    .withName(names.keyring())
                    .edit(secret -> new SecretBuilder(secret)
                            .editMetadata()
                            .withFinalizers(List.of())
                            .endMetadata()
                            .build());
            create(names.keyring(), KeyringChanges.generate(1, NOW, RANDOM));
        };
        VaultId id = VaultId.of(new byte[32]);
        try (KubernetesClient client = afterEachDeletion(newVault)) {
            new KeyringDeletion(names, client).delete(old, id);
        }
        Secret there = world.secret(names.keyring());
        assertThat(there.getMetadata().getUid()).isNotEqualTo(old.uid());
        assertThat(there.getMetadata().getFinalizers()).contains(Annotations.KEYRING_FINALIZER);
        assertThat(there.getMetadata().getDeletionTimestamp()).isNull();
    }

    /** One operator observes, the other writes, the first one writes what it had decided. */
    private void assertRejected(String name, Write write, Runnable change) {
        Present keyring = present();
        String retired = retiredVersion();
        change.run();
        Map<String, String> keyringBefore = world.secret(names.keyring()).getData();
        Map<String, String> retiredBefore = retiredData();
        KubernetesClientException rejected =
                catchThrowableOfType(KubernetesClientException.class, () -> write.to(paused, keyring, retired));
        assertThat(rejected).as(name).isNotNull();
        assertThat(rejected.getCode()).as(name).isEqualTo(409);
        assertThat(world.secret(names.keyring()).getData()).as(name).isEqualTo(keyringBefore);
        assertThat(retiredData()).as(name).isEqualTo(retiredBefore);
    }

    private void changeKeyring() {
        Present keyring = present();
        other.makePrimary(keyring, keyring.keyring().primary() == 1 ? 2 : 1);
    }

    private void changeRetired() {
        other.copyToRetired(2, retiredVersion(), NOW);
        other.removeRetired(2, retiredVersion());
    }

    private Present present() {
        KeyringSecrets secrets = new KeyringSecrets(names, world.client);
        Optional<KeyringState.SecretContent> content = secrets.keyring();
        return (Present) KeyringState.of(names.keyring(), content, () -> RecordPresence.UNKNOWN);
    }

    private String retiredVersion() {
        Secret secret = retired();
        return secret == null ? "" : secret.getMetadata().getResourceVersion();
    }

    private Map<String, String> retiredData() {
        Secret secret = retired();
        return secret == null ? Map.of() : secret.getData();
    }

    private @Nullable Secret retired() {
        return world.client
                .secrets()
                .inNamespace(names.namespace())
                .withName(names.retired())
                .get();
    }

    private void create(String name, Map<String, String> data) {
        byte[] lookup = Base64.getDecoder().decode(data.get("lookup"));
        world.client
                .resource(new SecretBuilder()
                        .withMetadata(names.metadata(name, Names.Component.TOKENIZER))
                        .editMetadata()
                        .addToAnnotations(
                                Annotations.VAULT_ID, VaultId.of(lookup).text())
                        .withFinalizers(Annotations.KEYRING_FINALIZER)
                        .endMetadata()
                        .withData(data)
                        .build())
                .create();
    }

    /** A client whose deletions of a Secret are answered when something else has happened. */
    private KubernetesClient afterEachDeletion(Runnable happens) {
        Interceptor interceptor = new Interceptor() {
            @Override
            public void after(
                    HttpRequest request,
                    HttpResponse<?> answer,
                    AsyncBody.Consumer<List<java.nio.ByteBuffer>> consumer) {
                if (request.method().equals("DELETE")) happens.run();
            }
        };
        return new KubernetesClientBuilder()
                .withConfig(world.client.getConfiguration())
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("other-operator", interceptor))
                .build();
    }
}
