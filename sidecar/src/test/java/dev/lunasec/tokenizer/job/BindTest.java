package dev.lunasec.tokenizer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.TokenizerSettings.VaultName;
import dev.lunasec.s3.IdentityProof;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.testing.Death;
import dev.lunasec.tokenizer.testing.VaultBucket;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.Token;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.S3Client;

/** Which buckets {@code tokenizer bind} gives an identity, and what it has done by then. */
@Tag("embedded")
class BindTest {
    private static final StoreRetry SHORT = new StoreRetry(Duration.ofSeconds(1));

    /** The lookup key of the keyrings of {@link Rotating}. */
    private static final byte[] LOOKUP = new byte[32];

    @RegisterExtension
    private static final Rotating vault = new Rotating();

    @Test
    void aBucketWhoseRecordsOpenIsBound() throws Exception {
        for (int i = 0; i < 12; i++) vault.token();
        Bind.Done done = bind(Rotating.KEYRING, vault.s3());
        assertThat(done.opened()).isEqualTo(10);
        assertThat(done.sampled()).isEqualTo(10);
        assertThat(proof(vault.s3()).read()).isInstanceOfSatisfying(IdentityProof.Proven.class, proven -> {
            assertThat(proven.identity().namespace()).isEqualTo("payments");
            assertThat(proven.identity().name()).isEqualTo("vault");
        });
        // A copy of the bucket has those of the bucket. Where they are missing, older records may be missing too.
        for (int share : new int[] {1, 2}) {
            assertThat(vault.all(""))
                    .doesNotContainAnyElementsOf(BucketLayout.startMarkers(Rotating.KEYRING.vaultId(), share));
        }
        assertThat(bind(Rotating.KEYRING, vault.s3()).opened()).isEqualTo(10);
    }

    @Test
    void aRecordThatDoesNotOpenBesideOneThatDoesIsNoObstacle() throws Exception {
        vault.token();
        vault.unreadable();
        Bind.Done done = bind(Rotating.KEYRING, vault.s3());
        assertThat(done.opened()).isEqualTo(1);
        assertThat(done.sampled()).isEqualTo(2);
    }

    @Test
    void aBucketOfWhichNoRecordOpensIsLeftAsItIs() {
        refused("0 were tried");
        Token token = vault.token();
        new S3ErasureMarkers(vault.bucket, Rotating.KEYRING).put(Rotating.erased(Rotating.id(token)));
        vault.bucket.delete(Layout.record(1, Rotating.id(token)));
        vault.unreadable();
        refused("1 were tried and none opens");
        assertThat(vault.all("vault/")).isEmpty();
    }

    @Test
    void theBucketOfAnotherVaultIsLeftAsItIs() {
        Token token = vault.token();
        new S3ErasureMarkers(vault.bucket, Rotating.KEYRING).put(Rotating.erased(Rotating.id(token)));
        vault.bucket.put("vault/" + "0".repeat(32), new byte[1], "text/plain");
        refused("does not hold the identity of this vault alone");
        assertThat(vault.all("records/")).hasSize(1);
        assertThat(vault.all("vault/")).hasSize(1);
    }

    @Test
    void noRecordOfAnErasedTokenIsLeftWhenTheIdentityIsThere() throws Exception {
        int moment = 1;
        for (boolean died = true; died; moment++) {
            vault.clear();
            vault.token();
            Token erased = vault.token();
            new S3ErasureMarkers(vault.bucket, Rotating.KEYRING).put(Rotating.erased(Rotating.id(erased)));
            Death death = new Death(moment);
            died = Death.of(() -> bind(Rotating.KEYRING, new WatchedS3(vault.s3(), death)));
            if (!vault.all("vault/").isEmpty()) {
                assertThat(vault.bucket.exists(Layout.record(1, Rotating.id(erased))))
                        .as("after a death at moment %d", moment)
                        .isFalse();
            }
        }
        assertThat(moment).isGreaterThan(20);
        assertThat(vault.all("vault/")).hasSize(1);
    }

    private static void refused(String why) {
        assertThatThrownBy(() -> bind(Rotating.KEYRING, vault.s3())).isInstanceOfSatisfying(CallFailed.class, e -> {
            assertThat(e.failure()).isEqualTo(ErrorCode.WRONG_BUCKET);
            assertThat(e.sentence()).contains(why, "nothing was changed");
        });
    }

    private static Bind.Done bind(Keyring keyring, S3Client s3) throws InterruptedException {
        Sweep sweep = new Sweep(Rotating.by(s3), keyring, Instant.MAX, SHORT);
        return new Bind(Rotating.by(s3), proof(s3), keyring, new VaultName("payments", "vault"), sweep, SHORT).run();
    }

    private static IdentityProof proof(S3Client s3) {
        return new IdentityProof(s3, VaultBucket.NAME, LOOKUP);
    }
}
