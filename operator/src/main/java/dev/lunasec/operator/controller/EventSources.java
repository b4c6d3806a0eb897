package dev.lunasec.operator.controller;

import dev.lunasec.api.v1alpha1.ConfigMapKey;
import dev.lunasec.api.v1alpha1.GrantsSpec;
import dev.lunasec.api.v1alpha1.SecretName;
import dev.lunasec.api.v1alpha1.TlsSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerSpec;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The watches whose events start a pass: the objects that the operator created, by their labels, and the Secrets and
 * ConfigMaps that resources name. Of the latter the caches hold names and versions only, never the content. Of Secrets
 * even the API server sends metadata only; see {@link ApiServerClient}.
 */
public final class EventSources {
    public static final String SECRETS = "secrets";
    public static final String CONFIG_MAPS = "configmaps";
    public static final String SERVICES = "services";
    public static final String DEPLOYMENTS = "deployments";
    public static final String STATEFUL_SETS = "statefulsets";
    public static final String NETWORK_POLICIES = "networkpolicies";
    public static final String POD_DISRUPTION_BUDGETS = "poddisruptionbudgets";
    public static final String AUTOSCALERS = "horizontalpodautoscalers";
    static final String CRON_JOBS = "cronjobs";
    private static final String JOBS = "jobs";
    private static final String PODS = "pods";
    private static final long PAGE = 500;

    private EventSources() {}

    static List<EventSource<?, Tokenizer>> all(EventSourceContext<Tokenizer> context) {
        context.getPrimaryCache()
                .addIndexers(Map.of(
                        "secret", tokenizer -> keys(tokenizer, secrets(tokenizer)),
                        "configmap", tokenizer -> keys(tokenizer, configMaps(tokenizer))));
        return List.of(
                managed(Secret.class, SECRETS, context),
                managed(ConfigMap.class, CONFIG_MAPS, context),
                managed(Service.class, SERVICES, context),
                managed(Deployment.class, DEPLOYMENTS, context),
                managed(StatefulSet.class, STATEFUL_SETS, context),
                managed(NetworkPolicy.class, NETWORK_POLICIES, context),
                managed(PodDisruptionBudget.class, POD_DISRUPTION_BUDGETS, context),
                managed(HorizontalPodAutoscaler.class, AUTOSCALERS, context),
                managed(CronJob.class, CRON_JOBS, context),
                managed(Job.class, JOBS, context),
                managed(Pod.class, PODS, context),
                named(Secret.class, "secret", context),
                named(ConfigMap.class, "configmap", context));
    }

    /**
     * The Secrets that a resource names, and that of its managed Redis: a pass writes it and the next pass has to read
     * it, but the SDK may drop the event of a dependent's own write.
     */
    static List<String> secrets(Tokenizer tokenizer) {
        TokenizerSpec spec = tokenizer.getSpec();
        return Stream.of(
                        Optional.ofNullable(spec.storage().credentials()).map(SecretName::secretName),
                        Optional.ofNullable(spec.grants().redis().external())
                                .map(GrantsSpec.ExternalRedis::secretName)
                                .or(() -> Optional.of(Names.of(tokenizer).redis())),
                        Optional.ofNullable(spec.tls()).map(TlsSpec::secretName))
                .flatMap(Optional::stream)
                .toList();
    }

    private static List<String> configMaps(Tokenizer tokenizer) {
        TokenizerSpec spec = tokenizer.getSpec();
        return Stream.concat(
                        Stream.of(
                                        Optional.ofNullable(spec.storage().trustedCA()),
                                        Optional.ofNullable(
                                                        spec.grants().redis().external())
                                                .map(GrantsSpec.ExternalRedis::trustedCA))
                                .flatMap(Optional::stream),
                        spec.auth().issuers().stream().flatMap(issuer -> Stream.ofNullable(issuer.trustedCA())))
                .map(ConfigMapKey::configMapName)
                .toList();
    }

    private static <R extends HasMetadata> EventSource<R, Tokenizer> managed(
            Class<R> type, String name, EventSourceContext<Tokenizer> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, Tokenizer.class)
                        .withName(name)
                        .withNamespacesInheritedFromController()
                        .withFollowControllerNamespacesChanges(true)
                        .withLabelSelector(Annotations.MANAGED_BY_OPERATOR)
                        .withSecondaryToPrimaryMapper(EventSources::vaultOf)
                        .build(),
                context);
    }

    private static <R extends HasMetadata> EventSource<R, Tokenizer> named(
            Class<R> type, String index, EventSourceContext<Tokenizer> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, Tokenizer.class)
                        .withName("named-" + index)
                        .withNamespacesInheritedFromController()
                        .withFollowControllerNamespacesChanges(true)
                        .withInformerListLimit(PAGE)
                        .withItemStore(new ReducedStateItemStore<>(
                                ReducedStateItemStore.NAME_KEY_STATE,
                                type,
                                context.getClient().getKubernetesSerialization(),
                                "metadata.namespace",
                                "metadata.name",
                                "metadata.resourceVersion"))
                        .withSecondaryToPrimaryMapper(resource -> context
                                .getPrimaryCache()
                                .byIndex(
                                        index,
                                        key(
                                                resource.getMetadata().getNamespace(),
                                                resource.getMetadata().getName()))
                                .stream()
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet()))
                        // The observers read them from the API server; this watch only starts passes.
                        .withPrimaryToSecondaryMapper((Tokenizer tokenizer) -> Set.of())
                        .build(),
                context);
    }

    private static Set<ResourceID> vaultOf(HasMetadata object) {
        return Optional.ofNullable(object.getMetadata().getLabels())
                .map(labels -> labels.get(Annotations.INSTANCE))
                .map(vault -> Set.of(new ResourceID(vault, object.getMetadata().getNamespace())))
                .orElse(Set.of());
    }

    private static List<String> keys(Tokenizer tokenizer, List<String> names) {
        return names.stream()
                .map(name -> key(tokenizer.getMetadata().getNamespace(), name))
                .toList();
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }
}
