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

/** The object store. */
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
        message = "Write an address without a path, like https://s3.internal:9000.")
@ValidationRule(
        value = "!has(self.publicEndpoint) || self.publicEndpoint." + ORIGIN,
        fieldPath = ".publicEndpoint",
        message = "Write an address without a path, like https://s3.example.com.")
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
        @JsonPropertyDescription("The bucket; it belongs to this vault alone, and a vault never changes it.")
        String bucket,

        @Default("us-east-1") @Size(max = 63) @JsonPropertyDescription("The region that requests are signed for.")
        String region,

        @Nullable
        @Size(max = URL_LENGTH)
        @JsonPropertyDescription(
                "Where the store is, without a path; absent for AWS. A change must lead to the same store: records are not copied.")
        String endpoint,

        @Nullable
        @Size(max = URL_LENGTH)
        @JsonPropertyDescription(
                "Where clients reach the store, the host of signed URLs; absent for the same as endpoint.")
        String publicEndpoint,

        @Default("false")
        @JsonPropertyDescription(
                "Whether the bucket stands in the path instead of the host name; most stores other than AWS want true.")
        boolean pathStyleAccess,

        @Nullable
        @JsonPropertyDescription(
                "The keys for the store; absent for the cloud identity of the pods, and the operator's own, which it has to be"
                        + " installed with allowOwnIdentity for.")
        SecretName credentials,

        @Nullable
        @JsonPropertyDescription("The authority that signed the store's certificate; absent for the public ones.")
        ConfigMapKey trustedCA,

        @Default("Create")
        @JsonPropertyDescription(
                "Create makes the bucket or takes one that already is this vault's; Adopt takes one that exists and sets it up;"
                        + " Verify changes nothing and only checks.")
        Provisioning provisioning,

        @Default("Retain")
        @JsonPropertyDescription(
                "What happens to the bucket and the keys when the resource is deleted: Retain keeps them; Delete destroys both, all"
                        + " records and objects included, but only if confirmDeletion names the bucket too.")
        DeletionPolicy deletionPolicy,

        @Nullable
        @Size(max = 63)
        @JsonPropertyDescription("The name of the bucket once more, for a deletionPolicy of Delete.")
        String confirmDeletion,

        @Default("\"5Gi\"") @JsonPropertyDescription("The largest object in bytes, 1 to 5Ti.")
        Quantity maximumObjectSize,

        @Default("60s")
        @Size(max = DURATION_LENGTH)
        @JsonPropertyDescription("How long a signed URL is good, 1s to 168h.")
        String urlLifetime,

        @Default("false")
        @JsonPropertyDescription(
                "Whether a caller of tokenize must give the size; only then the store holds every upload to the maximum.")
        boolean requireSize) {

    /** How the operator comes to the bucket. */
    public enum Provisioning {
        @JsonProperty("Create")
        CREATE,
        @JsonProperty("Adopt")
        ADOPT,
        @JsonProperty("Verify")
        VERIFY
    }

    /** What happens to what cannot be had again. */
    public enum DeletionPolicy {
        @JsonProperty("Retain")
        RETAIN,
        @JsonProperty("Delete")
        DELETE
    }
}
