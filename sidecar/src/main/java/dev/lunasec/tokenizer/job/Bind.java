package dev.lunasec.tokenizer.job;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.TokenizerSettings.VaultName;
import dev.lunasec.contract.VaultIdentity;
import dev.lunasec.s3.IdentityProof;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.BucketListing;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.RecordJson;
import dev.lunasec.tokenizer.token.UnreadableRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a bucket the one of a vault again, after a restore or a move: it opens some records, sweeps, and puts the
 * identity last. Without the identity no pod starts, so no token that was erased after the copy was made is read before
 * the sweep has deleted its record.
 */
public final class Bind {
    private static final Logger log = LoggerFactory.getLogger(Bind.class);
    private static final int SAMPLE = 10;

    /** The operator writes the cluster when it pins the location. */
    private static final String CLUSTER_UNKNOWN = "";

    /**
     * The result.
     *
     * @param opened how many of the sampled records opened, at least 1
     * @param sampled how many records were tried, up to 10
     */
    public record Done(int opened, int sampled, Sweep.Done swept) {}

    private final Bucket bucket;
    private final IdentityProof proof;
    private final Keyring keyring;
    private final RecordCipher cipher;
    private final VaultName vault;
    private final Sweep sweep;
    private final StoreRetry retry;

    /** @param sweep of the same bucket */
    public Bind(Bucket bucket, IdentityProof proof, Keyring keyring, VaultName vault, Sweep sweep, StoreRetry retry) {
        this.bucket = bucket;
        this.proof = proof;
        this.keyring = keyring;
        this.cipher = new RecordCipher(keyring);
        this.vault = vault;
        this.sweep = sweep;
        this.retry = retry;
    }

    /**
     * Binds the bucket. A bucket that is bound already is swept all the same.
     *
     * @throws CallFailed {@link ErrorCode#WRONG_BUCKET} if the bucket belongs to another vault, or if no record opens;
     *     then nothing was changed. {@link ErrorCode#STORAGE_UNAVAILABLE} when the store stays unavailable
     */
    public Done run() throws InterruptedException {
        boolean bound = isBound();
        List<String> sample = sample();
        int opened = 0;
        for (String record : sample) if (opens(record)) opened++;
        if (opened == 0) {
            throw new CallFailed(
                    ErrorCode.WRONG_BUCKET,
                    "Of the records in the bucket, " + sample.size() + " were tried and none opens with the keyring;"
                            + " nothing was changed. Restore records and keyring of the same vault.");
        }
        Sweep.Done swept = sweep.run();
        if (!bound) {
            String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
            VaultIdentity identity =
                    new VaultIdentity(proof.vault(), vault.namespace(), vault.name(), CLUSTER_UNKNOWN, now);
            retry.run(() -> bucket.putIdentity(proof, identity));
        }
        if (!isBound()) {
            throw new CallFailed(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    "The store does not show the identity that was just written; run the command again.");
        }
        return new Done(opened, sample.size(), swept);
    }

    private boolean isBound() throws InterruptedException {
        IdentityProof.Result result = retry.with(() -> {
            IdentityProof.Result answer = proof.read();
            if (!(answer instanceof IdentityProof.Unknown)) return answer;
            throw new CallFailed(ErrorCode.STORAGE_UNAVAILABLE, "The bucket " + answer.reason() + ".");
        });
        if (result instanceof IdentityProof.Proven) return true;
        if (result instanceof IdentityProof.Absent) return false;
        throw new CallFailed(
                ErrorCode.WRONG_BUCKET,
                "The bucket " + result.reason() + "; nothing was changed. Check the bucket of the settings.");
    }

    /** The keys of some records, under the primary share first. */
    private List<String> sample() throws InterruptedException {
        List<String> keys = new ArrayList<>();
        for (int share : shares()) {
            String folder = BucketLayout.records(share);
            retry.with(() -> bucket.listing().objects(folder, "")).stream()
                    .map(BucketListing.Listed::key)
                    .filter(key -> RecordId.isOne(key.substring(folder.length())))
                    .limit(SAMPLE - keys.size())
                    .forEach(keys::add);
        }
        return keys;
    }

    /** The primary share, then the others. */
    private List<Integer> shares() {
        List<Integer> shares = new ArrayList<>(List.of(keyring.primary()));
        for (int share : keyring.older()) shares.add(share);
        return shares;
    }

    private boolean opens(String key) throws InterruptedException {
        int slash = key.lastIndexOf('/') + 1;
        int share = BucketLayout.shareOf(key.substring(0, slash)).orElseThrow();
        Optional<byte[]> text = retry.with(() -> bucket.get(key));
        try {
            if (text.isEmpty()) return false;
            cipher.openOuterLayer(RecordJson.read(text.get(), new RecordId(key.substring(slash)), share));
            return true;
        } catch (UnreadableRecord e) {
            log.warn("the record {} does not open: {}", key, e.getMessage());
            return false;
        }
    }
}
