package dev.lunasec.operator.bucket.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.Binding;
import dev.lunasec.operator.bucket.BucketClaim;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** More vaults than connections that stay open. */
@Tag("embedded")
class ManyVaultsTest {
    private static final int CONNECTIONS = 2;
    private static final int VAULTS = 5;
    private static final BucketClaim.Keyring NEW =
            new BucketClaim.Keyring(Base64.getEncoder().encodeToString(new byte[32]), new Binding.Unbound());

    @AutoClose
    private final Store store = new Store();

    @AutoClose
    private final BucketProvisioner buckets = new BucketProvisioner(Duration.ZERO, Duration.ofMillis(1), CONNECTIONS);

    ManyVaultsTest() throws Exception {}

    /** The operator remembers since when the identity of each is in its bucket, while it has passes over the others. */
    @Test
    void allVaultsThatAreNewAtTheSameTimeAreBound() {
        for (int vault = 0; vault < VAULTS; vault++) bindingDue(vault);
        for (int vault = 0; vault < VAULTS; vault++)
            assertThat(bindingDue(vault)).isZero();
    }

    private @Nullable Duration bindingDue(int vault) {
        return await().atMost(Duration.ofMinutes(1))
                .until(() -> reconcile(vault), status -> status.reason().equals("Binding"))
                .bindingDue();
    }

    private BucketStatus reconcile(int vault) {
        BucketSpec spec =
                store.spec("vault-" + vault, BucketSpec.Provisioning.CREATE, Store.KEYS, "payments/vault-" + vault);
        return buckets.reconcile(spec, Store.claim(spec, NEW), Map.of(), Instant.EPOCH);
    }
}
