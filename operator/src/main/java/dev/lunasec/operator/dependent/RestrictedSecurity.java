package dev.lunasec.operator.dependent;

import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;

/** The pod security standard "restricted" and a read-only root file system, for every pod of a vault. */
public final class RestrictedSecurity {
    /**
     * The mode of mounted files. It is the default, and set so that the API server adds nothing to what was applied.
     */
    public static final int FILE_MODE = 0644;

    /**
     * The mode of files from Secrets: readable for root and for the group of the pod, which owns them by its
     * {@code fsGroup}.
     */
    public static final int SECRET_MODE = 0440;

    /** The group of the tokenizer's image. */
    private static final long GROUP = 65532;

    private RestrictedSecurity() {}

    /** The security context of a pod of the tokenizer's image. */
    public static PodSecurityContext pod() {
        return new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withFsGroup(GROUP)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }

    /** The security context of a container. */
    public static SecurityContext container() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }

    /** A volume that the container only reads. */
    public static VolumeMount mount(String volume, String path) {
        return new VolumeMountBuilder()
                .withName(volume)
                .withMountPath(path)
                .withReadOnly(true)
                .build();
    }

    /** A volume that the container writes. */
    public static VolumeMount writable(String volume, String path) {
        return new VolumeMountBuilder().withName(volume).withMountPath(path).build();
    }

    /** A key of a Secret or ConfigMap as a file. */
    public static KeyToPath file(String key, String path) {
        return new KeyToPathBuilder().withKey(key).withPath(path).build();
    }

    /** An empty volume that lives as long as the pod. */
    public static Volume temporary(String name, String size) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withNewSizeLimit(size)
                .endEmptyDir()
                .build();
    }
}
