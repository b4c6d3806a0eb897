package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketSpec;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Tag;

/** The tag that names the vault to which the bucket belongs. It informs people; the operator decides nothing by it. */
final class OwnerTag implements S3Setting {
    static final String KEY = "lunasec.dev/tokenizer";

    private final S3Client s3;
    private final String bucket;
    private final String owner;

    OwnerTag(S3Client s3, BucketSpec spec) {
        this.s3 = s3;
        this.bucket = spec.bucket();
        this.owner = spec.owner();
    }

    @Override
    public boolean matches() {
        return tags().stream()
                .anyMatch(tag -> tag.key().equals(KEY) && tag.value().equals(owner));
    }

    @Override
    public void apply() {
        List<Tag> tags = others(S3Errors.orEmpty(this::tags));
        tags.add(Tag.builder().key(KEY).value(owner).build());
        put(tags);
    }

    @Override
    public void revert() {
        put(others(tags()));
    }

    private static List<Tag> others(List<Tag> tags) {
        List<Tag> others = new ArrayList<>(tags);
        others.removeIf(tag -> tag.key().equals(KEY));
        return others;
    }

    private List<Tag> tags() {
        return s3.getBucketTagging(get -> get.bucket(bucket)).tagSet();
    }

    private void put(List<Tag> tags) {
        s3.putBucketTagging(put -> put.bucket(bucket).tagging(t -> t.tagSet(tags)));
    }
}
