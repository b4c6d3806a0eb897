package dev.lunasec.operator.bucket.s3;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.s3.UnknownRequest;
import dev.lunasec.s3.VersionListing;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.MFADeleteStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ReplicationRuleStatus;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Whether rules of the bucket keep what the vault deletes, or delete what the vault keeps. A rule that the account may
 * not read counts as one that is there, because nothing may be proven by a missing answer.
 */
final class RetentionRules {
    private static final String UNKNOWN = "RetentionUnknown";

    private final S3Client s3;
    private final String bucket;

    RetentionRules(S3Client s3, BucketSpec spec) {
        this.s3 = s3;
        this.bucket = spec.bucket();
    }

    /**
     * Why the vault cannot use the bucket; empty if no rule is in its way.
     *
     * @throws S3Exception if the store answers with an error that says nothing about a rule
     */
    Optional<BucketStatus> conflict() {
        return locked().or(this::mfaDelete).or(this::expiring).or(this::versionsHidden);
    }

    /** A sentence about copies that no erasure reaches; empty if the bucket is not known to have any. */
    String copies() {
        try {
            boolean replicated =
                    s3.getBucketReplication(get -> get.bucket(bucket)).replicationConfiguration().rules().stream()
                            .anyMatch(rule -> rule.status() == ReplicationRuleStatus.ENABLED);
            return replicated
                    ? "The store replicates the bucket, and an erasure does not reach the replicas: a copy of an erased"
                            + " value there can be read by a person who has its token, until its share is destroyed."
                    : "";
        } catch (S3Exception e) {
            return "";
        }
    }

    private Optional<BucketStatus> locked() {
        return checked("s3:GetBucketObjectLockConfiguration", () -> {
            ObjectLockEnabled lock = s3.getObjectLockConfiguration(get -> get.bucket(bucket))
                    .objectLockConfiguration()
                    .objectLockEnabled();
            return lock == ObjectLockEnabled.ENABLED
                    ? no(
                            "ObjectLockEnabled",
                            "The bucket has Object Lock, so erased data would survive. Choose another bucket.")
                    : Optional.empty();
        });
    }

    private Optional<BucketStatus> mfaDelete() {
        return checked("s3:GetBucketVersioning", () -> {
            GetBucketVersioningResponse versioning = s3.getBucketVersioning(get -> get.bucket(bucket));
            return versioning.mfaDelete() == MFADeleteStatus.ENABLED
                    ? no(
                            "MFADeleteEnabled",
                            "The bucket needs MFA to delete a version, so erased data would survive."
                                    + " Switch MFA delete off.")
                    : Optional.empty();
        });
    }

    private Optional<BucketStatus> expiring() {
        return checked("s3:GetLifecycleConfiguration", () -> {
            List<LifecycleRule> rules = s3.getBucketLifecycleConfiguration(get -> get.bucket(bucket))
                    .rules();
            return rules.stream().anyMatch(RetentionRules::touchesTheVault)
                    ? no(
                            "LifecycleRule",
                            "A lifecycle rule of the bucket expires or moves objects of the vault."
                                    + " Limit the rule to other prefixes, or disable it.")
                    : Optional.empty();
        });
    }

    /** An erasure lists versions to prove that they are gone. */
    private Optional<BucketStatus> versionsHidden() {
        try {
            var unused = new VersionListing(s3, bucket).isEmpty(BucketLayout.RECORDS);
            return Optional.empty();
        } catch (S3Exception e) {
            if (S3Errors.isDenied(e)) return denied("s3:ListBucketVersions");
            throw e;
        }
    }

    /** Whether an enabled rule expires or moves current objects in a folder of the vault. */
    static boolean touchesTheVault(LifecycleRule rule) {
        boolean expires = rule.expiration() != null
                && (rule.expiration().days() != null || rule.expiration().date() != null);
        boolean acts = expires || !rule.transitions().isEmpty();
        return rule.status() == ExpirationStatus.ENABLED
                && acts
                && BucketLayout.FOLDERS.stream()
                        .filter(folder -> !folder.equals(BucketLayout.CANARY))
                        .anyMatch(folder -> overlaps(prefix(rule), folder));
    }

    private static boolean overlaps(String prefix, String folder) {
        return folder.startsWith(prefix) || prefix.startsWith(folder);
    }

    /** The prefix of a rule, in the three places in which S3 allows it; the empty text for the whole bucket. */
    @SuppressWarnings("deprecation") // Rules of the first version of the API have their prefix there.
    private static String prefix(LifecycleRule rule) {
        if (rule.filter() != null && rule.filter().prefix() != null)
            return rule.filter().prefix();
        if (rule.filter() != null && rule.filter().and() != null) {
            String prefix = rule.filter().and().prefix();
            return prefix == null ? "" : prefix;
        }
        return rule.prefix() == null ? "" : rule.prefix();
    }

    /** @param permission to allow if the store refuses the question */
    private static Optional<BucketStatus> checked(String permission, Supplier<Optional<BucketStatus>> question) {
        try {
            return question.get();
        } catch (S3Exception e) {
            if (S3Errors.isDenied(e)) return denied(permission);
            if (S3Errors.isAbsent(e) || UnknownRequest.is(e)) return Optional.empty();
            throw e;
        }
    }

    private static Optional<BucketStatus> denied(String permission) {
        return no(
                UNKNOWN,
                "The account may not read whether the bucket keeps deleted data. Allow " + permission
                        + " on the bucket.");
    }

    private static Optional<BucketStatus> no(String reason, String message) {
        return Optional.of(new BucketStatus(false, reason, message, List.of()));
    }
}
