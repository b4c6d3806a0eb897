package dev.lunasec.api.v1alpha1;

import static dev.lunasec.api.v1alpha1.Rules.DURATION;
import static dev.lunasec.api.v1alpha1.Rules.DURATION_LENGTH;
import static dev.lunasec.api.v1alpha1.Rules.ORIGIN;
import static dev.lunasec.api.v1alpha1.Rules.URL_LENGTH;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** The object store that holds the records and the objects. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "self.bucket == oldSelf.bucket",
        fieldPath = ".bucket",
        reason = "FieldValueForbidden",
        message = "A vault never changes its bucket; write the old name, or create another Tokenizer for the new one.")
@ValidationRule(
        value = "self.bucket.matches('^[a-z0-9][a-z0-9-]*([.][a-z0-9][a-z0-9-]*)*$') && !self.bucket.contains('-.')"
                + " && !self.bucket.endsWith('-') && self.bucket.size() >= 3",
        fieldPath = ".bucket",
        message = "Write a bucket name of 3 to 63 lower-case letters, digits, dots and hyphens, like payments-vault.")
@ValidationRule(
        value = "self.region.matches('^[A-Za-z0-9][A-Za-z0-9_-]*$')",
        fieldPath = ".region",
        message = "Write the name of a region, like eu-central-1.")
@ValidationRule(
        value = "!has(self.endpoint) || self.endpoint." + ORIGIN,
        fieldPath = ".endpoint",
        message = "Write a URL without a path, like https://s3.internal:9000.")
@ValidationRule(
        value = "!has(self.publicEndpoint) || self.publicEndpoint." + ORIGIN,
        fieldPath = ".publicEndpoint",
        message = "Write a URL without a path, like https://s3.example.com.")
@ValidationRule(
        value = "isQuantity(string(self.maximumObjectSize)) && quantity(string(self.maximumObjectSize)).isInteger()"
                + " && quantity(string(self.maximumObjectSize)).compareTo(quantity('1')) >= 0"
                + " && quantity(string(self.maximumObjectSize)).compareTo(quantity('5Ti')) <= 0",
        fieldPath = ".maximumObjectSize",
        message = "Write a number of bytes from 1 to 5Ti, like 5Gi.")
@ValidationRule(
        value = "self.urlLifetime." + DURATION + " && duration(self.urlLifetime) >= duration('1s')"
                + " && duration(self.urlLifetime) <= duration('168h')",
        fieldPath = ".urlLifetime",
        message = "Write a duration from 1s to 168h, like 60s.")
@ValidationRule(
        value = "!has(self.confirmDeletion) || self.confirmDeletion == self.bucket",
        fieldPath = ".confirmDeletion",
        message = "Write the name of the bucket that may be deleted, the same as bucket.")
public record StorageSpec(
        @Required
        @Size(max = 63)
        @JsonPropertyDescription(
                "The name of the bucket, at least 3 and at most 63 characters. The bucket belongs to this"
                        + " vault alone and cannot be changed.")
        String bucket,

        @Default("us-east-1")
        @Size(max = 63)
        @JsonPropertyDescription("The region for which requests are signed. Default us-east-1, at most 63 characters.")
        String region,

        @Nullable
        @Size(max = URL_LENGTH)
        @JsonPropertyDescription(
                "The URL of the store, without a path. If absent, the store is AWS S3. A new endpoint must"
                        + " lead to the same store, because records are not copied."
                        + " No pod uses it until the key location was removed from the keyring Secret.")
        String endpoint,

        @Nullable
        @Size(max = URL_LENGTH)
        @JsonPropertyDescription(
                "The URL of the store for clients, without a path. It is the host in signed URLs. If absent,"
                        + " endpoint is used.")
        String publicEndpoint,

        @Default("false")
        @JsonPropertyDescription(
                "Whether the bucket is named in the path of a URL instead of the host name. Most stores other"
                        + " than AWS need true. Default false.")
        boolean pathStyleAccess,

        @Nullable
        @JsonPropertyDescription(
                "The Secret with the access keys of the store. If absent, the pods use their own cloud identity, and"
                        + " the operator uses its own one, but only if its chart has allowOwnIdentity=true.")
        SecretName credentials,

        @Nullable
        @JsonPropertyDescription(
                "The certificate authority that signed the certificate of the store; no other is trusted."
                        + " If absent, the public authorities are trusted.")
        ConfigMapKey trustedCA,

        @Default("Create")
        @JsonPropertyDescription(
                "Create creates the bucket, or uses one that already belongs to this vault. Adopt uses a"
                        + " bucket that exists, which must be empty for a new vault, and configures it."
                        + " Verify checks the bucket and changes nothing. Default Create.")
        Provisioning provisioning,

        @Default("Retain")
        @JsonPropertyDescription(
                "What the operator does with the bucket and the keys when the resource is deleted. Retain"
                        + " keeps both. Delete destroys both, with all records and objects, but only if confirmDeletion"
                        + " names the bucket. Default Retain.")
        DeletionPolicy deletionPolicy,

        @Nullable
        @Size(max = 63)
        @JsonPropertyDescription(
                "The name of the bucket, as a confirmation that it may be deleted, at most 63 characters. Without it,"
                        + " the deletionPolicy Delete deletes neither the bucket nor the keys.")
        String confirmDeletion,

        @Default("\"5Gi\"")
        @JsonPropertyDescription(
                "The size of the largest object in bytes. It is enforced on every upload only with requireSize."
                        + " Default 5Gi, from 1 to 5Ti.")
        Quantity maximumObjectSize,

        @Default("60s")
        @Size(max = DURATION_LENGTH)
        @JsonPropertyDescription("How long a signed URL is valid. Default 60s, from 1s to 168h.")
        String urlLifetime,

        @Default("false")
        @JsonPropertyDescription(
                "Whether a caller of tokenize must give the size of the value. Only then does the store"
                        + " enforce maximumObjectSize on every upload. Default false.")
        boolean requireSize) {

    /** What the operator does to have the bucket. */
    public enum Provisioning {
        @JsonProperty("Create")
        CREATE,
        @JsonProperty("Adopt")
        ADOPT,
        @JsonProperty("Verify")
        VERIFY
    }

    /** What happens to the bucket and the keys when the resource is deleted. */
    public enum DeletionPolicy {
        @JsonProperty("Retain")
        RETAIN,
        @JsonProperty("Delete")
        DELETE
    }
}
