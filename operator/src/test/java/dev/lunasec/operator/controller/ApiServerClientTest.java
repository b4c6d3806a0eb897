package dev.lunasec.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.controlplane.ControlPlane;
import dev.lunasec.operator.World;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The operator reads the content of a Secret only by the name of the Secret. */
@Tag("api-server")
class ApiServerClientTest {
    private World world;
    private KubernetesClient client;

    @BeforeEach
    void start() throws Exception {
        world = World.withoutOperator();
        client = ApiServerClient.of(Config.fromKubeconfig(ControlPlane.shared().kubeconfigYaml()));
        world.secret("other", "password", "hunter2");
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        world.close();
    }

    @Test
    void aListOfSecretsHasNoContent() {
        List<Secret> secrets =
                client.secrets().inNamespace(world.namespace).list().getItems();
        assertThat(secrets).extracting(secret -> secret.getMetadata().getName()).contains("other");
        assertThat(secrets).allMatch(ApiServerClientTest::isEmpty);
    }

    /** The API server then writes null in place of the items. */
    @Test
    void aListWithoutSecretsIsEmpty() {
        assertThat(client.secrets()
                        .inNamespace(world.namespace)
                        .withLabel("no", "secret")
                        .list()
                        .getItems())
                .isEmpty();
    }

    @Test
    void aWatchOfSecretsHasNoContent() {
        List<Secret> seen = new CopyOnWriteArrayList<>();
        try (Watch watch = client.secrets().inNamespace(world.namespace).watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, Secret secret) {
                seen.add(secret);
            }

            @Override
            public void onClose(WatcherException cause) {}
        })) {
            world.secret("other", "password", "hunter3");
            await().until(() -> seen.stream()
                    .anyMatch(secret -> secret.getMetadata().getName().equals("other")));
            assertThat(seen).allMatch(ApiServerClientTest::isEmpty);
        }
    }

    @Test
    void aSecretThatIsReadByItsNameHasItsContent() {
        assertThat(client.secrets()
                        .inNamespace(world.namespace)
                        .withName("other")
                        .get()
                        .getData())
                .containsKey("password");
    }

    @Test
    void aSecretThatIsCalledSecretsHasItsContentToo() {
        world.secret("secrets", "password", "hunter2");
        assertThat(client.secrets()
                        .inNamespace(world.namespace)
                        .withName("secrets")
                        .get()
                        .getData())
                .containsKey("password");
    }

    private static boolean isEmpty(Secret secret) {
        return secret.getData() == null || secret.getData().isEmpty();
    }
}
