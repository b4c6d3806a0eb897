package dev.lunasec.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.VaultId;
import dev.lunasec.contract.VaultIdentity;
import dev.lunasec.s3.IdentityProof.Absent;
import dev.lunasec.s3.IdentityProof.Foreign;
import dev.lunasec.s3.IdentityProof.NoBucket;
import dev.lunasec.s3.IdentityProof.Proven;
import dev.lunasec.s3.IdentityProof.Taken;
import dev.lunasec.s3.IdentityProof.Unknown;
import dev.lunasec.testbed.EmbeddedStore;
import dev.lunasec.testbed.FreePort;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** The proof of a bucket's identity against a real store. */
@Tag("embedded")
class IdentityProofTest {
    private static final AccessKeys KEYS = new AccessKeys("local-access", "local-secret");
    private static final byte[] LOOKUP = new byte[32];
    private static final byte[] OTHER = "x".repeat(32).getBytes(StandardCharsets.US_ASCII);
    private static final VaultIdentity OURS =
            new VaultIdentity(VaultId.of(LOOKUP), "shop", "vault", "cluster", "2026-11-26T01:02:03Z");

    @AutoClose
    private final EmbeddedStore store = new EmbeddedStore(KEYS.accessKeyId(), KEYS.secretAccessKey());

    @AutoClose
    private final S3Connection connection = connection(KEYS, store.endpoint());

    private final S3Client s3 = connection.s3();
    private final IdentityProof proof = new IdentityProof(s3, "vault", LOOKUP);

    @BeforeEach
    void createBucket() {
        s3.createBucket(create -> create.bucket("vault"));
    }

    @Test
    void onlyTheIdentityOfThisVaultAloneIsAProof() {
        assertThat(proof.read()).isEqualTo(new Absent());
        proof.put(OURS);
        assertThat(proof.read()).isEqualTo(new Proven(OURS));
        put("vault/" + "0".repeat(32), new byte[] {1});
        assertThat(proof.read())
                .isEqualTo(new Foreign(List.of("0".repeat(32), OURS.id().text())));
    }

    /** A copy of the keyring in another cluster, under another name, or in another namespace. */
    @Test
    void anIdentityOfAnotherOwnerIsNoProofForOneOwnerAlone() {
        proof.put(OURS);
        assertThat(proof.ownedBy("cluster", "shop", "vault").read()).isEqualTo(new Proven(OURS));
        for (IdentityProof other : List.of(
                proof.ownedBy("another", "shop", "vault"),
                proof.ownedBy("cluster", "payments", "vault"),
                proof.ownedBy("cluster", "shop", "other"))) {
            assertThat(other.read()).isEqualTo(new Taken(OURS));
            assertThat(other.read().reason()).contains("shop/vault").contains("cluster");
        }
    }

    @Test
    void anObjectThatThisLookupKeyDidNotMakeIsForeign() {
        put("vault/" + OURS.id(), OURS.write(OTHER));
        assertThat(proof.read()).isEqualTo(new Foreign(List.of(OURS.id().text())));
        put("vault/" + OURS.id(), new byte[VaultIdentity.LONGEST * 100]);
        assertThat(proof.read()).isEqualTo(new Foreign(List.of(OURS.id().text())));
    }

    @Test
    void aMissingBucketIsSaidAndAStoreThatDoesNotAnswerIsUnknown() {
        assertThat(new IdentityProof(s3, "other", LOOKUP).read()).isEqualTo(new NoBucket());
        try (S3Connection wrongKeys = connection(new AccessKeys("local-access", "wrong"), store.endpoint());
                S3Connection nobody = connection(KEYS, URI.create("http://127.0.0.1:" + FreePort.find()))) {
            assertThat(new IdentityProof(wrongKeys.s3(), "vault", LOOKUP).read())
                    .isEqualTo(new Unknown(StoreStatus.AccessDenied));
            assertThat(new IdentityProof(nobody.s3(), "vault", LOOKUP).read())
                    .isEqualTo(new Unknown(StoreStatus.StoreUnreachable));
        }
    }

    private static S3Connection connection(AccessKeys keys, URI endpoint) {
        return new S3Connection(new StoreLocation("vault", "us-east-1", endpoint, true), keys, null);
    }

    private void put(String key, byte[] content) {
        s3.putObject(put -> put.bucket("vault").key(key), RequestBody.fromBytes(content));
    }
}
