package dev.lunasec.operator.bucket.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.s3.Store.Answer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The operator tests the store at the address that clients use, too. */
@Tag("embedded")
class PublicEndpointTest {
    private final BucketProvisioner buckets = new BucketProvisioner(Duration.ZERO, Duration.ofMillis(1));
    private Store store;
    /** What is between clients and the store. */
    private Store front;

    @BeforeEach
    void start() throws Exception {
        store = new Store();
        front = new Store();
    }

    @AfterEach
    void stop() throws Exception {
        buckets.close();
        store.close();
        front.close();
    }

    @Test
    void aPublicEndpointThatIgnoresCustomerKeysMakesTheBucketUnusable() {
        front.fault = (method, path, query, exchange) -> method.equals("PUT") ? new Answer(200, "") : null;
        BucketStatus status = reconcile(front.endpoint());
        assertThat(status.ready()).isFalse();
        assertThat(status.reason()).isEqualTo("SSECIgnored");
        assertThat(status.message()).startsWith("Through storage.publicEndpoint: The store ignores customer keys");
    }

    @Test
    void aPublicEndpointOfTheSameStoreIsTested() {
        URI sameStore = URI.create("http://localhost:" + store.endpoint().getPort());
        assertThat(reconcile(null).reason()).isEqualTo("Ready");
        int before = canaries();
        assertThat(reconcile(null).reason()).isEqualTo("Ready");
        int once = canaries() - before;
        BucketStatus status = reconcile(sameStore);
        assertThat(status.reason()).isEqualTo("Ready");
        assertThat(status.message()).doesNotContain("publicEndpoint");
        assertThat(canaries() - before - once).isEqualTo(2 * once);
    }

    /** The operator may be in another network than the clients. */
    @Test
    void aPublicEndpointThatTheOperatorDoesNotReachChangesNothing() {
        front.fault = (method, path, query, exchange) -> {
            exchange.close();
            return new Answer(500, "");
        };
        BucketStatus status = reconcile(front.endpoint());
        assertThat(status.reason()).isEqualTo("Ready");
        assertThat(status.message()).doesNotContain("publicEndpoint");
    }

    @Test
    void anotherErrorAtThePublicEndpointIsASentenceInTheStatus() {
        BucketStatus status = reconcile(front.endpoint());
        assertThat(status.reason()).isEqualTo("Ready");
        assertThat(status.message()).contains("Through storage.publicEndpoint: The bucket does not exist");
    }

    @Test
    void noPolicyForTlsIsWrittenIfClientsReachTheStoreWithoutIt() {
        URI tls = URI.create("https://store.example.com");
        assertThat(spec(tls, null).usesTls()).isTrue();
        assertThat(spec(tls, URI.create("https://public.example.com")).usesTls())
                .isTrue();
        assertThat(spec(tls, URI.create("http://public.example.com")).usesTls()).isFalse();
    }

    private int canaries() {
        return (int) store.requests().stream()
                .filter(request -> request.contains("/canary/"))
                .count();
    }

    private BucketStatus reconcile(@Nullable URI publicEndpoint) {
        BucketSpec spec = spec(store.endpoint(), publicEndpoint);
        return buckets.reconcile(spec, Store.claim(spec), Map.of(), Instant.EPOCH);
    }

    private static BucketSpec spec(URI endpoint, @Nullable URI publicEndpoint) {
        return new BucketSpec(
                "vault",
                "us-east-1",
                endpoint,
                publicEndpoint,
                true,
                BucketSpec.Provisioning.CREATE,
                Store.KEYS,
                null,
                null,
                "payments/vault");
    }
}
