package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketSpec;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;

/** Blocks public access to the bucket, also where an ACL or a policy would grant it. */
final class PublicAccessBlock implements S3Setting {
    private final S3Client s3;
    private final String bucket;

    PublicAccessBlock(S3Client s3, BucketSpec spec) {
        this.s3 = s3;
        this.bucket = spec.bucket();
    }

    @Override
    public boolean matches() {
        PublicAccessBlockConfiguration current =
                s3.getPublicAccessBlock(get -> get.bucket(bucket)).publicAccessBlockConfiguration();
        return Boolean.TRUE.equals(current.blockPublicAcls())
                && Boolean.TRUE.equals(current.blockPublicPolicy())
                && Boolean.TRUE.equals(current.ignorePublicAcls())
                && Boolean.TRUE.equals(current.restrictPublicBuckets());
    }

    @Override
    public void apply() {
        put(true);
    }

    @Override
    public void revert() {
        put(false);
    }

    private void put(boolean block) {
        s3.putPublicAccessBlock(put -> put.bucket(bucket)
                .publicAccessBlockConfiguration(c -> c.blockPublicAcls(block)
                        .blockPublicPolicy(block)
                        .ignorePublicAcls(block)
                        .restrictPublicBuckets(block)));
    }
}
