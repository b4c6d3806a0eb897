package dev.lunasec.local.node;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The volumes of a pod as folders: Secrets, ConfigMaps, projected ones, claims and empty ones. */
final class Volumes {
    /** Something that a pod mounts is not there yet. */
    static final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        Missing(String message) {
            super(message);
        }
    }

    private final KubernetesClient client;
    private final Path claims;
    private final PodTokens tokens;

    /** @param claims keeps what outlives pods */
    Volumes(KubernetesClient client, Path claims) {
        this.client = client;
        this.claims = claims;
        this.tokens = new PodTokens(client);
    }

    /**
     * Writes the files of all volumes as they should be now; called again and again, it follows changes.
     *
     * @return the folder of each volume
     * @throws Missing naming what is not there yet
     */
    Map<String, Path> write(Pod pod, Path folder) throws IOException, Missing {
        Map<String, Path> folders = new LinkedHashMap<>();
        for (Volume volume : pod.getSpec().getVolumes()) {
            folders.put(volume.getName(), write(volume, pod, folder.resolve(volume.getName())));
        }
        return folders;
    }

    private Path write(Volume volume, Pod pod, Path folder) throws IOException, Missing {
        String namespace = pod.getMetadata().getNamespace();
        if (volume.getPersistentVolumeClaim() != null) {
            String claim = volume.getPersistentVolumeClaim().getClaimName();
            return Files.createDirectories(claims.resolve(namespace).resolve(claim));
        }
        Files.createDirectories(folder);
        if (volume.getSecret() != null) {
            String name = volume.getSecret().getSecretName();
            Secret secret =
                    client.secrets().inNamespace(namespace).withName(name).get();
            Map<String, byte[]> data = secret == null ? null : decoded(secret.getData());
            replace(
                    folder,
                    files(
                            "Secret " + name,
                            data,
                            volume.getSecret().getItems(),
                            volume.getSecret().getOptional()));
        } else if (volume.getConfigMap() != null) {
            String name = volume.getConfigMap().getName();
            ConfigMap map =
                    client.configMaps().inNamespace(namespace).withName(name).get();
            Map<String, byte[]> data = map == null ? null : encoded(map.getData());
            replace(
                    folder,
                    files(
                            "ConfigMap " + name,
                            data,
                            volume.getConfigMap().getItems(),
                            volume.getConfigMap().getOptional()));
        } else if (volume.getProjected() != null) {
            Map<String, byte[]> files = new LinkedHashMap<>();
            for (VolumeProjection source : volume.getProjected().getSources()) {
                files.putAll(project(source, pod, folder));
            }
            replace(folder, files);
        } else if (volume.getEmptyDir() == null) {
            throw new Missing("The local node knows no volume of the kind of " + volume.getName() + ".");
        }
        return folder;
    }

    /** One source of a projected volume: a token of the pod's ServiceAccount, or a ConfigMap. */
    private Map<String, byte[]> project(VolumeProjection source, Pod pod, Path folder) throws Missing {
        if (source.getServiceAccountToken() != null) {
            ServiceAccountTokenProjection wanted = source.getServiceAccountToken();
            return Map.of(wanted.getPath(), tokens.token(pod, wanted, folder).getBytes(StandardCharsets.UTF_8));
        }
        if (source.getConfigMap() == null) throw new Missing("The local node knows no projection of another kind.");
        String name = source.getConfigMap().getName();
        ConfigMap map = client.configMaps()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name)
                .get();
        return files(
                "ConfigMap " + name,
                map == null ? null : encoded(map.getData()),
                source.getConfigMap().getItems(),
                source.getConfigMap().getOptional());
    }

    private static Map<String, byte[]> files(
            String what, @Nullable Map<String, byte[]> data, List<KeyToPath> items, @Nullable Boolean optional)
            throws Missing {
        if (data == null) {
            if (Boolean.TRUE.equals(optional)) return Map.of();
            throw new Missing(what + " is not there.");
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        if (items.isEmpty()) files.putAll(data);
        for (KeyToPath item : items) {
            byte[] content = data.get(item.getKey());
            if (content == null) throw new Missing(what + " has no key " + item.getKey() + ".");
            files.put(item.getPath(), content);
        }
        return files;
    }

    /** The folder then holds these files and no other. */
    private static void replace(Path folder, Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) write(folder.resolve(file.getKey()), file.getValue());
        try (var present = Files.list(folder)) {
            for (Path path : present.collect(Collectors.toList())) {
                if (!files.containsKey(path.getFileName().toString())) Files.delete(path);
            }
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content)) return;
        Path part = file.resolveSibling("." + file.getFileName());
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Map<String, byte[]> decoded(@Nullable Map<String, String> data) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        if (data != null)
            data.forEach((key, value) -> files.put(key, Base64.getDecoder().decode(value)));
        return files;
    }

    private static Map<String, byte[]> encoded(@Nullable Map<String, String> data) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        if (data != null) data.forEach((key, value) -> files.put(key, value.getBytes(StandardCharsets.UTF_8)));
        return files;
    }
}
