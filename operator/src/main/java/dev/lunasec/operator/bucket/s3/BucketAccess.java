package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketSpec.Provisioning;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.s3.StoreStatus;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Makes sure that the bucket exists and that the vault may use it. */
final class BucketAccess {
    private static final Logger log = LoggerFactory.getLogger(BucketAccess.class);

    private static final BucketStatus NOT_OWNED = BucketStatus.no(
            "BucketNotOwned",
            "The bucket belongs to another account, or denies access to this one. Allow this account, or create the"
                    + " Tokenizer with another storage.bucket.");

    private final S3Client s3;
    private final BucketSpec spec;

    BucketAccess(S3Client s3, BucketSpec spec) {
        this.s3 = s3;
        this.spec = spec;
    }

    /**
     * Creates the bucket if it is missing and may be created.
     *
     * @param isNew whether the vault has never had a bucket; otherwise a new one would hide that the right one is
     *     missing
     * @return why the vault cannot use the bucket; empty if it can
     * @throws S3Exception if the store answers with an error that has no status of its own
     */
    Optional<BucketStatus> ensure(boolean isNew) {
        // Lists instead of sending HEAD, because an error response to HEAD has no body and so no error code.
        try {
            s3.listObjectsV2(list -> list.bucket(spec.bucket()).maxKeys(1));
        } catch (S3Exception e) {
            if (!S3Errors.isNoSuchBucket(e)) return Optional.of(status(e));
            if (!isNew) return Optional.empty(); // The proof of the identity says that the bucket is missing.
            if (spec.provisioning() != Provisioning.CREATE)
                return Optional.of(BucketStatus.of(StoreStatus.BucketMissing, List.of()));
            try {
                s3.createBucket(create -> create.bucket(spec.bucket()));
                log.info("bucket {} created", spec.bucket());
            } catch (S3Exception refused) {
                return Optional.of(status(refused));
            }
        }
        return new RetentionRules(s3, spec).conflict();
    }

    private static BucketStatus status(S3Exception e) {
        return switch (S3Errors.code(e)) {
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken" ->
                BucketStatus.of(StoreStatus.CredentialsRejected, List.of());
            case "AccessDenied", "BucketAlreadyExists", "AllAccessDisabled" -> NOT_OWNED;
            case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException" ->
                BucketStatus.of(StoreStatus.WrongRegion, List.of());
            case "NoSuchBucket" -> BucketStatus.of(StoreStatus.BucketMissing, List.of());
            default -> throw e;
        };
    }
}
