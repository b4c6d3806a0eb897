package dev.lunasec.operator.apply;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.dependent.KeyringSecret;
import dev.lunasec.operator.dependent.maintenance.RewrapJob;
import dev.lunasec.operator.dependent.maintenance.SweepJob;
import dev.lunasec.operator.keyring.KeyringData;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultObservation;
import dev.lunasec.operator.observe.RotationObserver;
import dev.lunasec.operator.rotation.RotationState;
import dev.lunasec.operator.rotation.Step;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the steps of a rotation, each with one write. A change of a Secret only succeeds on the version that the step was decided on.
 */
public final class RotationActions {
    private static final Logger log = LoggerFactory.getLogger(RotationActions.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Tokenizer tokenizer;
    private final Names names;
    private final VaultObservation observed;
    private final KeyringState.Present present;
    private final String retiredVersion;
    private final KubernetesClient client;

    public RotationActions(
            Tokenizer tokenizer,
            VaultObservation observed,
            KeyringState.Present present,
            RotationState seen,
            KubernetesClient client) {
        this.tokenizer = tokenizer;
        this.names = Names.of(tokenizer);
        this.observed = observed;
        this.present = present;
        this.retiredVersion = seen.retiredVersion();
        this.client = client;
    }

    /** Does what the step says. */
    public void take(Step step) {
        if (step.action() != Step.Action.WAIT) log.info("rotation: {}: {}", step.action(), step.message());
        int share = step.share();
        switch (step.action()) {
            case ADD_SHARE ->
                changeKeyring(
                        KeyringData.addShare(share, tokenizer.getSpec().keys().rotation(), observed.now(), RANDOM));
            case MAKE_PRIMARY -> changeKeyring(KeyringData.makePrimary(share));
            case START_REWRAP ->
                create(RewrapJob.desired(tokenizer, image(), present.keyring().announcement(), share));
            case END_REWRAP -> delete(names.rewrapJob(share));
            case START_SWEEP ->
                create(SweepJob.desired(tokenizer, image(), present.keyring().announcement(), share));
            case END_SWEEP -> delete(names.sweepJob(share));
            case COPY_TO_RETIRED -> setAside(share);
            case RETIRE -> changeKeyring(KeyringData.removeShare(share, present.keyring(), observed.now()));
            case RESTORE ->
                changeKeyring(
                        KeyringData.restoreShare(RotationObserver.data(RotationObserver.retired(names, client)), share));
            case REMOVE_COPY, DESTROY -> patch(names.retired(), retiredVersion, KeyringData.removeRetired(share));
            case WAIT -> {}
        }
    }

    /** While it stands in both Secrets it counts as live. */
    private void setAside(int share) {
        Map<String, String> data = secret(names.keyring()).getData();
        Map<String, String> retired = KeyringData.retire(data, share, observed.now());
        if (retiredVersion.isEmpty()) {
            client.resource(KeyringSecret.retired(tokenizer, retired)).create();
        } else {
            patch(names.retired(), retiredVersion, retired);
        }
    }

    private void changeKeyring(Map<String, ? extends @Nullable String> change) {
        patch(names.keyring(), present.resourceVersion(), change);
    }

    /** A merge patch, which the API server refuses where the Secret has another version. */
    private void patch(String name, String version, Map<String, ? extends @Nullable String> data) {
        Map<String, Object> body = new HashMap<>();
        body.put("data", data);
        body.put("metadata", Map.of("resourceVersion", version));
        client.secrets()
                .inNamespace(names.namespace())
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        client.getKubernetesSerialization().asJson(body));
    }

    private Secret secret(String name) {
        Secret secret =
                client.secrets().inNamespace(names.namespace()).withName(name).get();
        if (secret == null) throw new IllegalStateException("the Secret " + name + " is gone");
        return secret;
    }

    /** One that is there already is the same one: its name says what it does. */
    private void create(Job job) {
        job.addOwnerReference(tokenizer);
        try {
            client.resource(job).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) throw e;
        }
    }

    private void delete(String job) {
        client.batch().v1().jobs().inNamespace(names.namespace()).withName(job).delete();
    }

    private String image() {
        return observed.defaults().tokenizerImage();
    }
}
