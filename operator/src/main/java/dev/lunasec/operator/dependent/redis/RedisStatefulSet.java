package dev.lunasec.operator.dependent.redis;

import static dev.lunasec.operator.dependent.RestrictedSecurity.file;
import static dev.lunasec.operator.dependent.RestrictedSecurity.mount;
import static dev.lunasec.operator.dependent.RestrictedSecurity.temporary;
import static dev.lunasec.operator.dependent.RestrictedSecurity.writable;

import dev.lunasec.api.v1alpha1.GrantsSpec.ManagedRedis;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.RedisUrl;
import dev.lunasec.operator.dependent.RestrictedSecurity;
import dev.lunasec.operator.dependent.VaultDependent;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultObservation;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Map;

/** The managed Redis: one pod with a volume. If its data is lost, all callers need new grants. */
public final class RedisStatefulSet extends VaultDependent<StatefulSet> {
    public static final int PORT = RedisUrl.DEFAULT_PORT;
    private static final String FOLDER = "/etc/redis";
    private static final String USERS = FOLDER + "/" + RedisSecret.USERS;

    /** The user id of the images of Redis and of Valkey, which owns /data. */
    private static final long USER = 999;

    public RedisStatefulSet() {
        super(StatefulSet.class, Names::redis);
    }

    @Override
    protected StatefulSet desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        Secret secret =
                new RedisSecret().getSecondaryResource(tokenizer, context).orElse(null);
        String instance = RedisSecret.text(secret, RedisSecret.INSTANCE);
        return desired(
                tokenizer, instance, VaultObservation.in(context).defaults().redisImage());
    }

    /** @param instance see {@link RedisSecret#INSTANCE} */
    static StatefulSet desired(Tokenizer tokenizer, String instance, String image) {
        Names names = Names.of(tokenizer);
        ManagedRedis managed = tokenizer.getSpec().grants().redis().managed();
        ManagedRedis redis = managed == null ? ManagedRedis.DEFAULT : managed;
        return new StatefulSetBuilder()
                .withMetadata(names.metadata(names.redis(), Names.Component.GRANTS))
                .withNewSpec()
                .withReplicas(1)
                .withServiceName(names.redis())
                // With OrderedReady, a pod that does not become ready is never replaced, also if the cause is
                // corrected.
                .withPodManagementPolicy("Parallel")
                // Grants may be lost, so the volume is deleted together with the StatefulSet.
                .withNewPersistentVolumeClaimRetentionPolicy()
                .withWhenDeleted("Delete")
                .withWhenScaled("Retain")
                .endPersistentVolumeClaimRetentionPolicy()
                .withNewSelector()
                .withMatchLabels(names.selector(Names.Component.GRANTS))
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(names.labels(Names.Component.GRANTS))
                .withAnnotations(Map.of(Annotations.REDIS_INSTANCE, instance))
                .endMetadata()
                .withSpec(pod(names, image, ManagedMemory.of(redis.memory())))
                .endTemplate()
                .withVolumeClaimTemplates(volume(redis.storage()))
                .endSpec()
                .build();
    }

    private static PodSpec pod(Names names, String image, ManagedMemory memory) {
        return new PodSpecBuilder()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(30L)
                .withSecurityContext(RestrictedSecurity.pod()
                        .edit()
                        .withRunAsUser(USER)
                        .withRunAsGroup(USER)
                        .withFsGroup(USER)
                        .build())
                .addNewContainer()
                .withName("redis")
                .withImage(image)
                .withCommand(RedisScripts.start())
                .withArgs(
                        "--dir",
                        "/data",
                        // The log alone holds the data; snapshots would take memory and disk beside it.
                        "--save",
                        "",
                        "--appendonly",
                        "yes",
                        // A crash loses no answered write: no use that was taken, and no mark of an erasure.
                        "--appendfsync",
                        "always",
                        "--maxmemory",
                        memory.maxmemory() + "mb",
                        "--maxmemory-policy",
                        "noeviction",
                        "--aclfile",
                        USERS)
                .addNewPort()
                .withName("redis")
                .withContainerPort(PORT)
                .withProtocol("TCP")
                .endPort()
                .withNewReadinessProbe()
                .withNewTcpSocket()
                .withNewPort("redis")
                .endTcpSocket()
                .withPeriodSeconds(2)
                .endReadinessProbe()
                // If Redis accepts none of the passwords for two minutes, it is restarted and reads them.
                .withNewLivenessProbe()
                .withNewExec()
                .withCommand(RedisScripts.reload(USERS))
                .endExec()
                .withPeriodSeconds(10)
                .withTimeoutSeconds(10)
                .withFailureThreshold(12)
                .endLivenessProbe()
                .withNewResources()
                .withRequests(Map.of("cpu", new Quantity("50m"), "memory", new Quantity(memory.request() + "Mi")))
                .withLimits(Map.of("memory", new Quantity(memory.limit() + "Mi")))
                .endResources()
                .withSecurityContext(RestrictedSecurity.container())
                .withVolumeMounts(mount("users", FOLDER), writable("data", "/data"), writable("tmp", "/tmp"))
                .endContainer()
                .addNewVolume()
                .withName("users")
                .withNewSecret()
                .withSecretName(names.redis())
                .withDefaultMode(RestrictedSecurity.SECRET_MODE)
                .addToItems(file(RedisSecret.USERS, RedisSecret.USERS))
                .endSecret()
                .endVolume()
                .addToVolumes(temporary("tmp", "16Mi"))
                .build();
    }

    /** With all defaults of the API server written out, so that the next pass finds no difference. */
    private static PersistentVolumeClaim volume(Quantity size) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName("data")
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withVolumeMode("Filesystem")
                .withNewResources()
                .withRequests(Map.of("storage", size))
                .endResources()
                .endSpec()
                .build();
    }
}
