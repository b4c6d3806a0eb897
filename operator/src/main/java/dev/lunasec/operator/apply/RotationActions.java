package dev.lunasec.operator.apply;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.operator.dependent.KeyringSecrets;
import dev.lunasec.operator.dependent.maintenance.RewrapJob;
import dev.lunasec.operator.dependent.maintenance.SweepJob;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.model.NameTaken;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultObservation;
import dev.lunasec.operator.rotation.RotationState;
import dev.lunasec.operator.rotation.Step;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the steps of a rotation, each with one write to the API server, or to the bucket for the start markers. */
public final class RotationActions {
    private static final Logger log = LoggerFactory.getLogger(RotationActions.class);

    private final Tokenizer tokenizer;
    private final Names names;
    private final VaultObservation observed;
    private final KeyringState.Present keyring;
    private final String retiredVersion;
    private final KeyringSecrets secrets;
    private final KubernetesClient client;

    /**
     * Prepares the steps of one vault.
     *
     * @param keyring the version of the keyring on which the step was decided
     * @param rotation the observation from which the step was decided
     */
    public RotationActions(
            Tokenizer tokenizer,
            VaultObservation observed,
            KeyringState.Present keyring,
            RotationState rotation,
            KubernetesClient client) {
        this.tokenizer = tokenizer;
        this.names = Names.of(tokenizer);
        this.observed = observed;
        this.keyring = keyring;
        this.retiredVersion = rotation.retiredVersion();
        this.secrets = new KeyringSecrets(names, client);
        this.client = client;
    }

    /**
     * Takes a step.
     *
     * @throws KubernetesClientException with code 409 if a Secret has changed since the step was decided
     */
    public void take(Step step) {
        // The start markers are logged where they are put, because that step is repeated until the store lists them.
        if (step.action() != Step.Action.WAIT && step.action() != Step.Action.MARK_START)
            log.info("rotation: {}: {}", step.action(), step.message());
        int share = step.share();
        switch (step.action()) {
            case ADD_SHARE ->
                secrets.addShare(keyring, share, tokenizer.getSpec().keys().rotation(), observed.now());
            case MARK_START -> observed.records().markStart(share);
            case MAKE_PRIMARY -> secrets.makePrimary(keyring, share);
            case START_REWRAP -> create(RewrapJob.desired(tokenizer, image(), announcement(), share));
            case END_REWRAP -> delete(names.rewrapJob(share));
            case START_SWEEP -> create(SweepJob.desired(tokenizer, image(), announcement(), share));
            case END_SWEEP -> delete(names.sweepJob(share));
            case COPY_TO_RETIRED -> secrets.copyToRetired(share, retiredVersion, observed.now());
            case RETIRE -> {
                boolean compromised = tokenizer.getSpec().keys().compromised().contains(share);
                secrets.retire(keyring, share, compromised, observed.now());
            }
            case RESTORE -> secrets.restore(keyring, share);
            case DESTROY -> secrets.removeRetired(share, retiredVersion);
            case WAIT -> {}
        }
    }

    /** A Job of this vault with the same name does the same work, so an existing one is kept. */
    private void create(Job job) {
        job.addOwnerReference(tokenizer);
        try {
            client.resource(job).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) throw e;
            Job there = client.resource(job).get();
            if (there != null) NameTaken.unlessOwned(there, tokenizer);
        }
    }

    private void delete(String name) {
        Job job = client.batch()
                .v1()
                .jobs()
                .inNamespace(names.namespace())
                .withName(name)
                .get();
        if (job == null) return;
        NameTaken.unlessOwned(job, tokenizer);
        client.resource(job).delete();
    }

    private KeyringAnnouncement announcement() {
        return keyring.keyring().announcement();
    }

    private String image() {
        return observed.defaults().tokenizerImage();
    }
}
