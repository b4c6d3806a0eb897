package dev.lunasec.operator.bucket.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.Setting;
import dev.lunasec.operator.bucket.SettingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CORSRule;
import software.amazon.awssdk.services.s3.model.EncryptionType;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * Looks at, writes and takes back the settings of one bucket. It never deletes a setting: two stores take that for the deletion of the
 * bucket. What others have set beside ours stays.
 */
final class S3Settings {
    /** The tag that says whose the bucket is. */
    static final String OWNER = "lunasec.dev/tokenizer";

    private static final String STATEMENT = "TokenizerTLSOnly";
    private static final String RULE = "tokenizer-abort-stale-uploads";
    private static final int STALE_DAYS = 2;
    private static final String CORS_RULE = "tokenizer-frame";
    private static final List<String> CORS_METHODS = List.of("GET", "PUT");
    /** What a signed request carries: the key, and what else is signed into an upload. */
    private static final List<String> CORS_HEADERS = List.of(
            "content-type",
            "if-none-match",
            "x-amz-server-side-encryption-customer-algorithm",
            "x-amz-server-side-encryption-customer-key",
            "x-amz-server-side-encryption-customer-key-md5");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final S3Client s3;
    private final String bucket;
    private final String owner;
    private final String frameOrigin;
    private final String partition;

    S3Settings(S3Client s3, BucketSpec spec) {
        this.s3 = s3;
        this.bucket = spec.bucket();
        this.owner = spec.owner();
        this.partition = Region.of(spec.region()).metadata() == null
                ? "aws"
                : Region.of(spec.region()).metadata().partition().id();
        this.frameOrigin = spec.frameOrigin() == null ? "" : spec.frameOrigin();
    }

    /** Whose the bucket is: the owner's name, empty when it bears none or the store knows no tags. */
    String taggedOwner() {
        return orEmpty(this::tags).stream()
                .filter(tag -> tag.key().equals(OWNER))
                .map(Tag::value)
                .findFirst()
                .orElse("");
    }

    /** @throws S3Exception when the store gives no answer that tells anything */
    SettingState look(Setting setting) {
        try {
            return isRight(setting) ? SettingState.RIGHT : SettingState.WRONG;
        } catch (S3Exception e) {
            if (isAbsent(e)) return SettingState.WRONG;
            if (isUnsupported(e)) return SettingState.UNKNOWN_TO_STORE;
            if (e.statusCode() == 403) return SettingState.HIDDEN;
            throw e;
        }
    }

    /** @throws S3Exception as the store answers */
    void apply(Setting setting) {
        switch (setting) {
            case OWNER_TAG -> {
                List<Tag> tags = new ArrayList<>(orEmpty(this::tags));
                tags.removeIf(tag -> tag.key().equals(OWNER));
                tags.add(Tag.builder().key(OWNER).value(owner).build());
                s3.putBucketTagging(put -> put.bucket(bucket).tagging(t -> t.tagSet(tags)));
            }
            case SSEC_ALLOWED ->
                encryption(rule -> rule.blockedEncryptionTypes(b -> b.encryptionType(EncryptionType.NONE)));
            case PUBLIC_ACCESS_BLOCK -> publicAccessBlock(true);
            case TLS_ONLY -> policy(denyWithoutTls());
            case CORS -> {
                List<CORSRule> rules = new ArrayList<>(orEmpty(this::cors));
                rules.removeIf(rule -> CORS_RULE.equals(rule.id()));
                rules.add(corsRule());
                cors(rules);
            }
            case ABORT_STALE_UPLOADS -> {
                List<LifecycleRule> rules = new ArrayList<>(orEmpty(this::lifecycle));
                rules.removeIf(rule -> RULE.equals(rule.id()));
                rules.add(abortRule(ExpirationStatus.ENABLED));
                lifecycle(rules);
            }
        }
    }

    /** Writes a neutral value in the place of what {@link #apply} wrote. */
    void takeBack(Setting setting) {
        switch (setting) {
            case OWNER_TAG ->
                s3.putBucketTagging(put -> put.bucket(bucket)
                        .tagging(t -> t.tagSet(tags().stream()
                                .filter(tag -> !tag.key().equals(OWNER))
                                .toList())));
            case SSEC_ALLOWED -> encryption(rule -> {});
            case PUBLIC_ACCESS_BLOCK -> publicAccessBlock(false);
            case TLS_ONLY -> policy(denyNobody());
            case CORS -> {
                List<CORSRule> rules = new ArrayList<>(cors());
                rules.removeIf(rule -> CORS_RULE.equals(rule.id()));
                rules.add(corsRule().toBuilder()
                        .allowedOrigins("https://nobody.invalid")
                        .build());
                cors(rules);
            }
            case ABORT_STALE_UPLOADS -> {
                List<LifecycleRule> rules = new ArrayList<>(lifecycle());
                rules.removeIf(rule -> RULE.equals(rule.id()));
                rules.add(abortRule(ExpirationStatus.DISABLED));
                lifecycle(rules);
            }
        }
    }

    private boolean isRight(Setting setting) {
        return switch (setting) {
            case OWNER_TAG ->
                tags().stream()
                        .anyMatch(tag -> tag.key().equals(OWNER) && tag.value().equals(owner));
            // Several stores do not give it back: whether SSE-C is blocked is seen by the canary alone.
            case SSEC_ALLOWED -> true;
            case PUBLIC_ACCESS_BLOCK -> {
                PublicAccessBlockConfiguration is =
                        s3.getPublicAccessBlock(get -> get.bucket(bucket)).publicAccessBlockConfiguration();
                yield Boolean.TRUE.equals(is.blockPublicAcls())
                        && Boolean.TRUE.equals(is.blockPublicPolicy())
                        && Boolean.TRUE.equals(is.ignorePublicAcls())
                        && Boolean.TRUE.equals(is.restrictPublicBuckets());
            }
            case TLS_ONLY -> {
                JsonNode ours = denyWithoutTls();
                boolean found = false;
                for (JsonNode statement : policy().path("Statement")) {
                    found |= ours.path("Sid").equals(statement.path("Sid"))
                            && ours.path("Effect").equals(statement.path("Effect"))
                            && ours.path("Condition").equals(statement.path("Condition"));
                }
                yield found;
            }
            case CORS ->
                cors().stream()
                        .anyMatch(rule -> rule.allowedOrigins().equals(List.of(frameOrigin))
                                && Set.copyOf(rule.allowedMethods()).equals(Set.copyOf(CORS_METHODS))
                                && Set.copyOf(rule.allowedHeaders()).equals(Set.copyOf(CORS_HEADERS)));
            case ABORT_STALE_UPLOADS ->
                lifecycle().stream()
                        .anyMatch(rule -> RULE.equals(rule.id()) && rule.status() == ExpirationStatus.ENABLED);
        };
    }

    private List<Tag> tags() {
        return s3.getBucketTagging(get -> get.bucket(bucket)).tagSet();
    }

    private List<CORSRule> cors() {
        return s3.getBucketCors(get -> get.bucket(bucket)).corsRules();
    }

    private void cors(List<CORSRule> rules) {
        s3.putBucketCors(put -> put.bucket(bucket).corsConfiguration(c -> c.corsRules(rules)));
    }

    private CORSRule corsRule() {
        return CORSRule.builder()
                .id(CORS_RULE)
                .allowedOrigins(frameOrigin)
                .allowedMethods(CORS_METHODS)
                .allowedHeaders(CORS_HEADERS)
                .maxAgeSeconds(3600)
                .build();
    }

    private List<LifecycleRule> lifecycle() {
        return s3.getBucketLifecycleConfiguration(get -> get.bucket(bucket)).rules();
    }

    private void lifecycle(List<LifecycleRule> rules) {
        s3.putBucketLifecycleConfiguration(put -> put.bucket(bucket).lifecycleConfiguration(c -> c.rules(rules)));
    }

    private static LifecycleRule abortRule(ExpirationStatus status) {
        return LifecycleRule.builder()
                .id(RULE)
                .status(status)
                .filter(filter -> filter.prefix(""))
                .abortIncompleteMultipartUpload(abort -> abort.daysAfterInitiation(STALE_DAYS))
                .build();
    }

    /** S3-managed keys stay the default for what comes without a key of its own. */
    private void encryption(Consumer<ServerSideEncryptionRule.Builder> blocked) {
        ServerSideEncryptionRule rule = ServerSideEncryptionRule.builder()
                .applyServerSideEncryptionByDefault(d -> d.sseAlgorithm(ServerSideEncryption.AES256))
                .applyMutation(blocked)
                .build();
        s3.putBucketEncryption(
                put -> put.bucket(bucket).serverSideEncryptionConfiguration(c -> c.rules(List.of(rule))));
    }

    private void publicAccessBlock(boolean block) {
        s3.putPublicAccessBlock(put -> put.bucket(bucket)
                .publicAccessBlockConfiguration(c -> c.blockPublicAcls(block)
                        .blockPublicPolicy(block)
                        .ignorePublicAcls(block)
                        .restrictPublicBuckets(block)));
    }

    private ObjectNode policy() {
        try {
            String text = s3.getBucketPolicy(get -> get.bucket(bucket)).policy();
            return JSON.readTree(text) instanceof ObjectNode policy ? policy : JSON.createObjectNode();
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }

    private void policy(ObjectNode ours) {
        ObjectNode policy;
        try {
            policy = policy();
        } catch (S3Exception e) {
            if (!isAbsent(e)) throw e;
            policy = JSON.createObjectNode();
        }
        ArrayNode statements = JSON.createArrayNode();
        for (JsonNode statement : policy.path("Statement")) {
            if (!statement.path("Sid").asText().equals(STATEMENT)) statements.add(statement);
        }
        statements.add(ours);
        policy.put("Version", "2012-10-17").set("Statement", statements);
        String text = policy.toString();
        s3.putBucketPolicy(put -> put.bucket(bucket).policy(text));
    }

    private ObjectNode denyWithoutTls() {
        ObjectNode statement = JSON.createObjectNode()
                .put("Sid", STATEMENT)
                .put("Effect", "Deny")
                .put("Principal", "*")
                .put("Action", "s3:*");
        String arn = "arn:" + partition + ":s3:::" + bucket;
        statement.putArray("Resource").add(arn).add(arn + "/*");
        statement.putObject("Condition").putObject("Bool").put("aws:SecureTransport", "false");
        return statement;
    }

    /** The same statement, for requests that say of themselves what none says. */
    private ObjectNode denyNobody() {
        ObjectNode statement = denyWithoutTls();
        statement.withObject("/Condition").putObject("StringEquals").put("aws:UserAgent", "nobody");
        return statement;
    }

    private static <T> List<T> orEmpty(Supplier<List<T>> read) {
        try {
            return read.get();
        } catch (S3Exception e) {
            if (isAbsent(e) || isUnsupported(e) || e.statusCode() == 403) return List.of();
            throw e;
        }
    }

    static boolean isUnsupported(S3Exception e) {
        return e.statusCode() == 501 || e.statusCode() == 405 || e.statusCode() == 400;
    }

    private static boolean isAbsent(S3Exception e) {
        return e.statusCode() == 404 && !code(e).equals("NoSuchBucket");
    }

    static String code(S3Exception e) {
        String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }
}
