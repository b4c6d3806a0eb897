package dev.lunasec.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.cluster.Cluster.Sample;

/** A pod that stores and reads without a pause, and counts what fails. */
record TrafficPod(Cluster cluster) {
    private static final String NAME = "traffic";
    /** The requests after a change that a measurement waits for. */
    private static final int LATER = 40;

    /** Starts the traffic unless it runs; returns once requests are answered and the vault is ready. */
    Sample start() {
        var pod = cluster.client.pods().inNamespace(Cluster.APP).withName(NAME);
        if (pod.get() == null) cluster.app(NAME, AppPod.USUAL, "traffic", Cluster.setting("TRAFFIC_RATE", "5"));
        await().atMost(Cluster.MINUTES)
                .ignoreExceptions()
                .until(() -> cluster.sample(NAME).requests() > 20);
        cluster.awaitReady();
        return cluster.sample(NAME);
    }

    /** Waits for some more requests, prints what happened since a sample, and returns the sample of now. */
    Sample report(String what, Sample before) {
        Sample after = sampleAfter(LATER);
        System.out.printf(
                "%s: %d requests, %d failures %s, slowest answer %d ms%n",
                what,
                after.requests() - before.requests(),
                after.failures() - before.failures(),
                after.errors(),
                cluster.slowestAfter(NAME, before.requests()));
        return after;
    }

    /** Asserts that no request failed since a sample. */
    void assertNoFailure(String what, Sample before) {
        Sample after = report(what, before);
        assertThat(after.failures() - before.failures()).as(after.errors()).isZero();
    }

    /** Asserts that the next requests succeed. */
    void assertServes(Sample after) {
        Sample later = sampleAfter(100);
        assertThat(later.failures()).as(later.errors()).isEqualTo(after.failures());
    }

    void delete() {
        cluster.client
                .pods()
                .inNamespace(Cluster.APP)
                .withName(NAME)
                .withGracePeriod(0)
                .delete();
    }

    private Sample sampleAfter(int requests) {
        long now = cluster.sample(NAME).requests();
        await().atMost(Cluster.MINUTES).until(() -> cluster.sample(NAME).requests() >= now + requests);
        return cluster.sample(NAME);
    }
}
