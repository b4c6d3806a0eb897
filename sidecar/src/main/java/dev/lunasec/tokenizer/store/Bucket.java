package dev.lunasec.tokenizer.store;

import static dev.lunasec.tokenizer.store.StoreAnswers.ask;
import static dev.lunasec.tokenizer.store.StoreAnswers.deleted;
import static dev.lunasec.tokenizer.store.StoreAnswers.isAbsent;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.VaultIdentity;
import dev.lunasec.s3.CopyToNewKey;
import dev.lunasec.s3.IdentityProof;
import dev.lunasec.s3.NameDeletion;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.SmallObject;
import dev.lunasec.s3.VersionListing.Version;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The operations that the vault needs of its bucket. Every store must have them; there are no conditional writes,
 * because several stores ignore the condition. Every method throws {@link CallFailed} with {@link
 * ErrorCode#STORAGE_UNAVAILABLE} when the store gives no answer in time, or another one than it should.
 */
public final class Bucket {
    /** More than the largest record, whose metadata is bounded, and than any receipt. */
    private static final int LARGEST = 64 << 10;

    private final S3Client s3;
    private final String name;
    private final NameDeletion names;
    private final BucketListing listing;
    private final Runnable requireOwn;

    public Bucket(S3Client s3, String name) {
        this(s3, name, () -> {});
    }

    /** @param requireOwn throws {@link CallFailed} if the bucket is known to be another one than the vault's */
    Bucket(S3Client s3, String name, Runnable requireOwn) {
        this.s3 = s3;
        this.name = name;
        this.requireOwn = requireOwn;
        this.names = new NameDeletion(s3, name);
        this.listing = new BucketListing(s3, name);
    }

    /** The bucket that a connection leads to. */
    public static Bucket of(S3Connection connection) {
        return new Bucket(connection.s3(), connection.location().bucket());
    }

    /** The first 64 KiB of an object; empty when it does not exist. */
    public Optional<byte[]> get(String key) {
        return get(key, null).map(SmallObject::content);
    }

    /**
     * The first 64 KiB of one version of an object; empty when it does not exist.
     *
     * @param version as {@link BucketListing#versions} lists it; null for the latest one
     */
    public Optional<SmallObject> get(String key, @Nullable String version) {
        GetObjectRequest get = GetObjectRequest.builder()
                .bucket(name)
                .key(key)
                .versionId(version)
                .build();
        return ask(() -> {
            try {
                return Optional.of(SmallObject.get(s3, get, LARGEST));
            } catch (S3Exception e) {
                if (isAbsent(e)) return Optional.empty();
                throw e;
            }
        });
    }

    /**
     * Makes sure that it means something if an object is missing.
     *
     * @throws CallFailed {@link ErrorCode#WRONG_BUCKET} if the bucket is known to be another one than the vault's
     */
    void requireOwn() {
        requireOwn.run();
    }

    public boolean exists(String key) {
        return ask(() -> {
            try {
                s3.headObject(head -> head.bucket(name).key(key));
                return true;
            } catch (NoSuchKeyException e) {
                return false;
            }
        });
    }

    /**
     * Writes an object and replaces an existing one.
     *
     * @param contentType for other readers of the bucket
     */
    public void put(String key, byte[] content, String contentType) {
        ask(() -> s3.putObject(
                put -> put.bucket(name).key(key).contentType(contentType), RequestBody.fromBytes(content)));
    }

    /** Writes the identity of the vault into the bucket. */
    public void putIdentity(IdentityProof proof, VaultIdentity identity) {
        var unused = ask(() -> {
            proof.put(identity);
            return true;
        });
    }

    /**
     * Copies all bytes of one version as they are, within the store.
     *
     * @param version as for {@link #get(String, String)}
     * @return whether the version existed
     */
    public boolean copy(String from, @Nullable String version, String to) {
        return ask(() -> {
            try {
                s3.copyObject(copy -> copy.sourceBucket(name)
                        .sourceKey(from)
                        .sourceVersionId(version)
                        .destinationBucket(name)
                        .destinationKey(to));
                return true;
            } catch (S3Exception e) {
                if (isAbsent(e)) return false;
                throw e;
            }
        });
    }

    /** Copies an object to another SSE-C key; see {@link CopyToNewKey}. */
    CopyToNewKey.Result rekey(CopyToNewKey.KeyedObject from, CopyToNewKey.KeyedObject to) {
        return ask(() -> new CopyToNewKey(s3, name).copy(from, to));
    }

    /**
     * Deletes all versions and unfinished uploads of an object; see {@link NameDeletion}.
     *
     * @throws CallFailed also {@link ErrorCode#ERASURE_INCOMPLETE}, when the store refuses that, or has something left
     */
    public void delete(String key) {
        deleted(() -> names.delete(key));
    }

    /**
     * Deletes one version of an object.
     *
     * @throws CallFailed as {@link #delete(String)}
     */
    public void deleteVersion(String key, @Nullable String version) {
        deleted(() -> names.deleteVersion(key, version));
    }

    /**
     * Deletes one version or delete marker as {@link BucketListing#versions} lists it; see
     * {@link NameDeletion#delete(Version)}.
     *
     * @throws CallFailed as {@link #delete(String)}
     */
    public void delete(Version version) {
        deleted(() -> names.delete(version));
    }

    /** The uploads that run in parts. */
    public BucketUploads uploads() {
        return new BucketUploads(s3, name);
    }

    /** What the bucket holds. */
    public BucketListing listing() {
        return listing;
    }
}
