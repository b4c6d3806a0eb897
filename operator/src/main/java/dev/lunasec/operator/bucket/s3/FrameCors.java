package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CORSRule;

/** One CORS rule, which lets pages of the frame's origin use signed URLs. */
final class FrameCors implements S3Setting {
    private static final String RULE = "tokenizer-frame";
    static final List<String> METHODS = List.of("GET", "PUT");
    /** The headers of the SSE-C key, which each signed request sends. */
    static final List<String> KEY_HEADERS = List.of(
            "x-amz-server-side-encryption-customer-algorithm",
            "x-amz-server-side-encryption-customer-key",
            "x-amz-server-side-encryption-customer-key-md5");

    /** What an upload sends besides. */
    static final List<String> UPLOAD_HEADERS = List.of("content-type", "if-none-match");

    /** For a later version that signs checksums, whose frames may meet a bucket that was set up before. */
    private static final List<String> CHECKSUMS = List.of("x-amz-checksum-crc32", "x-amz-checksum-sha256");

    static final List<String> HEADERS = Stream.of(UPLOAD_HEADERS, CHECKSUMS, KEY_HEADERS)
            .flatMap(List::stream)
            .toList();

    /** The ETag of a part names it to the call that completes an upload. */
    private static final List<String> EXPOSED = List.of("ETag");

    /**
     * How long a browser may keep the answer to a preflight: a day, the longest that one of them accepts. They keep it
     * for each URL, so this helps only an upload that is repeated.
     */
    private static final int MAX_AGE_SECONDS = 86_400;

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

    /** Compares what the rule allows, not its id. A store may round the time that browsers keep the answer. */
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
                .maxAgeSeconds(MAX_AGE_SECONDS)
                .build());
        s3.putBucketCors(put -> put.bucket(spec.bucket()).corsConfiguration(c -> c.corsRules(rules)));
    }
}
