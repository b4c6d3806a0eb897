package dev.lunasec.operator.bucket.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.operator.bucket.BucketSpec;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** One statement of the bucket policy, which denies requests without TLS. */
final class TlsOnlyPolicy implements S3Setting {
    private static final String STATEMENT = "TokenizerTLSOnly";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final S3Client s3;
    private final BucketSpec spec;

    TlsOnlyPolicy(S3Client s3, BucketSpec spec) {
        this.s3 = s3;
        this.spec = spec;
    }

    @Override
    public boolean isNeeded() {
        return spec.usesTls();
    }

    @Override
    public boolean matches() {
        JsonNode wanted = denyWithoutTls();
        for (JsonNode statement : policy().path("Statement")) {
            boolean same = wanted.path("Sid").equals(statement.path("Sid"))
                    && wanted.path("Effect").equals(statement.path("Effect"))
                    && wanted.path("Condition").equals(statement.path("Condition"));
            if (same) return true;
        }
        return false;
    }

    @Override
    public void apply() {
        put(denyWithoutTls());
    }

    /** The statement stays, with a further condition that no request meets. */
    @Override
    public void revert() {
        ObjectNode statement = denyWithoutTls();
        statement.withObject("/Condition").putObject("StringEquals").put("aws:UserAgent", "nobody");
        put(statement);
    }

    private ObjectNode denyWithoutTls() {
        ObjectNode statement = JSON.createObjectNode()
                .put("Sid", STATEMENT)
                .put("Effect", "Deny")
                .put("Principal", "*")
                .put("Action", "s3:*");
        String arn = "arn:" + partition() + ":s3:::" + spec.bucket();
        statement.putArray("Resource").add(arn).add(arn + "/*");
        statement.putObject("Condition").putObject("Bool").put("aws:SecureTransport", "false");
        return statement;
    }

    private String partition() {
        Region region = Region.of(spec.region());
        return region.metadata() == null ? "aws" : region.metadata().partition().id();
    }

    private ObjectNode policy() {
        try {
            String text = s3.getBucketPolicy(get -> get.bucket(spec.bucket())).policy();
            return JSON.readTree(text) instanceof ObjectNode policy ? policy : JSON.createObjectNode();
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }

    private void put(ObjectNode statement) {
        ObjectNode policy;
        try {
            policy = policy();
        } catch (S3Exception e) {
            if (!S3Errors.isAbsent(e)) throw e;
            policy = JSON.createObjectNode();
        }
        ArrayNode statements = JSON.createArrayNode();
        for (JsonNode each : policy.path("Statement")) {
            if (!each.path("Sid").asText().equals(STATEMENT)) statements.add(each);
        }
        statements.add(statement);
        policy.put("Version", "2012-10-17").set("Statement", statements);
        String text = policy.toString();
        s3.putBucketPolicy(put -> put.bucket(spec.bucket()).policy(text));
    }
}
