package dev.lunasec.s3;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.VaultId;
import dev.lunasec.contract.VaultIdentity;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Proves that a bucket is a vault's: exactly one object is under {@link BucketLayout#VAULT}, and it is the identity of
 * this vault. Each call asks the store; nothing is remembered.
 */
public final class IdentityProof {
    /** What the bucket says about its vault. */
    public sealed interface Result {
        /** The end of a sentence that begins with "The bucket". */
        default String reason() {
            return switch (this) {
                case Proven proven -> "holds the identity of this vault";
                case Taken taken ->
                    "belongs to the Tokenizer " + taken.identity().namespace() + "/"
                            + taken.identity().name() + " of the cluster "
                            + taken.identity().cluster();
                case Absent absent -> "holds no identity of a vault";
                case NoBucket none -> "does not exist";
                case Foreign foreign ->
                    "does not hold the identity of this vault alone, but " + foreign.ids() + " under "
                            + BucketLayout.VAULT;
                case Unknown unknown ->
                    "may be another one, because the store does not say what is under " + BucketLayout.VAULT + " ("
                            + unknown.status() + ")";
            };
        }
    }

    /** The bucket holds the identity of this vault and no other object under {@link BucketLayout#VAULT}. */
    public record Proven(VaultIdentity identity) implements Result {}

    /** The bucket holds the identity of this vault alone, and another Tokenizer with a copy of the keyring owns it. */
    public record Taken(VaultIdentity identity) implements Result {}

    /** The store lists no object under {@link BucketLayout#VAULT}. */
    public record Absent() implements Result {}

    /** The store answers that the bucket does not exist. */
    public record NoBucket() implements Result {}

    /**
     * The bucket holds something else under {@link BucketLayout#VAULT}.
     *
     * @param ids the names of up to ten objects there, without the folder; each is usually the id of a vault
     */
    public record Foreign(List<String> ids) implements Result {}

    /**
     * The store did not answer the question: no answer, an error, or a 403, which S3 also answers for a missing object.
     */
    public record Unknown(StoreStatus status) implements Result {}

    private static final int LISTED = 10;

    private final S3Client s3;
    private final String bucket;
    private final byte[] lookup;
    private final VaultId id;
    private final Predicate<VaultIdentity> owner;

    /**
     * The proof for a Tokenizer that takes a bucket of another owner too.
     *
     * @param lookup the lookup key of the vault
     */
    public IdentityProof(S3Client s3, String bucket, byte[] lookup) {
        this(s3, bucket, lookup, identity -> true);
    }

    private IdentityProof(S3Client s3, String bucket, byte[] lookup, Predicate<VaultIdentity> owner) {
        this.s3 = s3;
        this.bucket = bucket;
        this.lookup = lookup.clone();
        this.id = VaultId.of(lookup);
        this.owner = owner;
    }

    /**
     * The proof for the bucket that a connection leads to.
     *
     * @param lookup the lookup key of the vault
     */
    public static IdentityProof of(S3Connection connection, byte[] lookup) {
        return new IdentityProof(connection.s3(), connection.location().bucket(), lookup);
    }

    /** The same proof for one owner alone: an identity of another owner is {@link Taken}. */
    public IdentityProof ownedBy(String cluster, String namespace, String name) {
        return new IdentityProof(s3, bucket, lookup, identity -> identity.isOf(cluster, namespace, name));
    }

    /** The vault whose identity is looked for. */
    public VaultId vault() {
        return id;
    }

    /** Asks the store, with two requests. */
    public Result read() {
        try {
            List<String> ids = s3
                    .listObjectsV2(list ->
                            list.bucket(bucket).prefix(BucketLayout.VAULT).maxKeys(LISTED))
                    .contents()
                    .stream()
                    .map(S3Object::key)
                    .map(key -> key.substring(Math.min(key.length(), BucketLayout.VAULT.length())))
                    .toList();
            if (ids.isEmpty()) return new Absent();
            if (!ids.equals(List.of(id.text()))) return new Foreign(ids);
            Optional<VaultIdentity> identity = VaultIdentity.read(object(), lookup);
            if (identity.isEmpty()) return new Foreign(ids);
            return owner.test(identity.get()) ? new Proven(identity.get()) : new Taken(identity.get());
        } catch (S3Exception e) {
            if (e.statusCode() == 404 && code(e).equals("NoSuchBucket")) return new NoBucket();
            // A listing that shows an object which then does not exist proves nothing.
            return new Unknown(e.statusCode() == 403 ? StoreStatus.AccessDenied : StoreStatus.StoreFailed);
        } catch (SdkException e) {
            return new Unknown(StoreStatus.StoreUnreachable);
        }
    }

    /** Writes the identity. The caller has decided that the bucket is this vault's to take. */
    public void put(VaultIdentity identity) {
        s3.putObject(
                put -> put.bucket(bucket).key(BucketLayout.vault(id)).contentType("application/json"),
                RequestBody.fromBytes(identity.write(lookup)));
    }

    private byte[] object() {
        GetObjectRequest get = GetObjectRequest.builder()
                .bucket(bucket)
                .key(BucketLayout.vault(id))
                .build();
        return SmallObject.get(s3, get, VaultIdentity.LONGEST + 1).content();
    }

    private static String code(S3Exception e) {
        return e.awsErrorDetails() == null
                ? ""
                : String.valueOf(e.awsErrorDetails().errorCode());
    }
}
