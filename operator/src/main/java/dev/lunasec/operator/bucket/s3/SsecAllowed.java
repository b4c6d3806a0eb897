package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketSpec;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncryptionType;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

/** The default encryption of the bucket with no encryption type blocked, so that SSE-C is allowed. */
final class SsecAllowed implements S3Setting {
    private final S3Client s3;
    private final String bucket;

    SsecAllowed(S3Client s3, BucketSpec spec) {
        this.s3 = s3;
        this.bucket = spec.bucket();
    }

    /** Always true: several stores do not return the blocked types, so only the canary can tell. */
    @Override
    public boolean matches() {
        return true;
    }

    @Override
    public void apply() {
        put(rule -> rule.blockedEncryptionTypes(blocked -> blocked.encryptionType(EncryptionType.NONE)));
    }

    @Override
    public void revert() {
        put(rule -> {});
    }

    /** Objects that are written without a key of their own are still encrypted with S3-managed keys. */
    private void put(Consumer<ServerSideEncryptionRule.Builder> blocked) {
        ServerSideEncryptionRule rule = ServerSideEncryptionRule.builder()
                .applyServerSideEncryptionByDefault(d -> d.sseAlgorithm(ServerSideEncryption.AES256))
                .applyMutation(blocked)
                .build();
        s3.putBucketEncryption(
                put -> put.bucket(bucket).serverSideEncryptionConfiguration(c -> c.rules(List.of(rule))));
    }
}
