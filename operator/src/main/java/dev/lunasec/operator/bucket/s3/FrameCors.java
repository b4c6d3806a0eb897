package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CORSRule;

/** One CORS rule, which lets pages of the frame's origin use signed URLs. */
final class FrameCors implements S3Setting {
    private static final String RULE = "tokenizer-frame";
    private static final List<String> METHODS = List.of("GET", "PUT");
    /** The headers of a signed request: the SSE-C key, and what else is signed into an upload. */
    private static final List<String> HEADERS = List.of(
            "content-type",
            "if-none-match",
            "x-amz-server-side-encryption-customer-algorithm",
            "x-amz-server-side-encryption-customer-key",
            "x-amz-server-side-encryption-customer-key-md5");

    /** The ETag of a part names it to the call that completes an upload. */
    private static final List<String> EXPOSED = List.of("ETag");

    private final S3Client s3;
    private final BucketSpec spec;

    FrameCors(S3Client s3, BucketSpec spec) {
        this.s3 = s3;
        this.spec = spec;
    }

    @Override
    public boolean isNeeded() {
        return spec.frameOrigin() != null;
    }

    /** Compares what the rule allows, not its id. */
    @Override
    public boolean matches() {
        return rules().stream()
                .anyMatch(rule -> rule.allowedOrigins().equals(List.of(origin()))
                        && Set.copyOf(rule.allowedMethods()).equals(Set.copyOf(METHODS))
                        && Set.copyOf(rule.allowedHeaders()).equals(Set.copyOf(HEADERS))
                        && rule.exposeHeaders().equals(EXPOSED));
    }

    @Override
    public void apply() {
        put(S3Errors.orEmpty(this::rules), origin());
    }

    @Override
    public void revert() {
        put(rules(), "https://nobody.invalid");
    }

    private String origin() {
        return Objects.requireNonNull(spec.frameOrigin());
    }

    private List<CORSRule> rules() {
        return s3.getBucketCors(get -> get.bucket(spec.bucket())).corsRules();
    }

    private void put(List<CORSRule> existing, String origin) {
        List<CORSRule> rules = new ArrayList<>(existing);
        rules.removeIf(rule -> RULE.equals(rule.id()));
        rules.add(CORSRule.builder()
                .id(RULE)
                .allowedOrigins(origin)
                .allowedMethods(METHODS)
                .allowedHeaders(HEADERS)
                .exposeHeaders(EXPOSED)
                .maxAgeSeconds(3600)
                .build());
        s3.putBucketCors(put -> put.bucket(spec.bucket()).corsConfiguration(c -> c.corsRules(rules)));
    }
}
