package dev.lunasec.operator.overlapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.operator.World;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** All contents that the keyring Secrets of a namespace had, in order. */
final class KeyringHistory implements AutoCloseable, ResourceEventHandler<Secret> {
    private final SharedIndexInformer<Secret> informer;
    private final Map<String, List<Map<String, String>>> contents = new ConcurrentHashMap<>();

    KeyringHistory(World world) {
        informer = world.client.secrets().inNamespace(world.namespace).inform(this);
    }

    /**
     * Checks that the Secret was created once, that no key of it ever had two values, and that the location was pinned
     * once.
     */
    void assertConsistent(String vault) {
        List<Map<String, String>> seen = contents.getOrDefault(vault + "-keyring", List.of());
        assertThat(seen).as("contents of the keyring of %s", vault).isNotEmpty();
        assertThat(values(seen, "lookup")).as("lookup of %s", vault).hasSize(1);
        assertThat(values(seen, "location"))
                .as("location of %s: unbound, and then the bucket", vault)
                .hasSize(2);
        for (int share = 1; share <= 2; share++) {
            assertThat(values(seen, "share-" + share))
                    .as("share %d of %s", share, vault)
                    .hasSizeLessThanOrEqualTo(1);
        }
        assertThat(values(seen, "share-3"))
                .as("a share of %s that nobody asked for", vault)
                .isEmpty();
        assertThat(values(seen, "primary").size()).as("primary of %s", vault).isLessThanOrEqualTo(2);
    }

    /** The value that a key of the keyring of a vault had first. */
    String first(String vault, String key) {
        return values(contents.getOrDefault(vault + "-keyring", List.of()), key).get(0);
    }

    /** Each value of a key, without repetitions that follow each other; a key that is absent has none. */
    private static List<String> values(List<Map<String, String>> seen, String key) {
        List<String> values = new CopyOnWriteArrayList<>();
        for (Map<String, String> content : seen) {
            String value = content.get(key);
            if (value != null
                    && (values.isEmpty() || !values.get(values.size() - 1).equals(value))) values.add(value);
        }
        return values;
    }

    @Override
    public void onAdd(Secret secret) {
        contents.computeIfAbsent(secret.getMetadata().getName(), name -> new CopyOnWriteArrayList<>())
                .add(Map.copyOf(secret.getData()));
    }

    @Override
    public void onUpdate(Secret before, Secret secret) {
        onAdd(secret);
    }

    @Override
    public void onDelete(Secret secret, boolean finalStateUnknown) {}

    @Override
    public void close() {
        informer.close();
    }
}
