package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketSpec;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;

/**
 * One lifecycle rule, by which the store aborts multipart uploads that were not completed within {@value #DAYS} days.
 */
final class AbortStaleUploads implements S3Setting {
    private static final String RULE = "tokenizer-abort-stale-uploads";
    private static final int DAYS = 2;

    private final S3Client s3;
    private final String bucket;

    AbortStaleUploads(S3Client s3, BucketSpec spec) {
        this.s3 = s3;
        this.bucket = spec.bucket();
    }

    @Override
    public boolean matches() {
        return rules().stream().anyMatch(rule -> RULE.equals(rule.id()) && rule.status() == ExpirationStatus.ENABLED);
    }

    @Override
    public void apply() {
        put(S3Errors.orEmpty(this::rules), ExpirationStatus.ENABLED);
    }

    @Override
    public void revert() {
        put(rules(), ExpirationStatus.DISABLED);
    }

    private List<LifecycleRule> rules() {
        return s3.getBucketLifecycleConfiguration(get -> get.bucket(bucket)).rules();
    }

    private void put(List<LifecycleRule> existing, ExpirationStatus status) {
        List<LifecycleRule> rules = new ArrayList<>(existing);
        rules.removeIf(rule -> RULE.equals(rule.id()));
        rules.add(LifecycleRule.builder()
                .id(RULE)
                .status(status)
                .filter(filter -> filter.prefix(""))
                .abortIncompleteMultipartUpload(abort -> abort.daysAfterInitiation(DAYS))
                .build());
        s3.putBucketLifecycleConfiguration(put -> put.bucket(bucket).lifecycleConfiguration(c -> c.rules(rules)));
    }
}
