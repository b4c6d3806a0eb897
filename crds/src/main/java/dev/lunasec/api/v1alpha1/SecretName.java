package dev.lunasec.api.v1alpha1;

import static dev.lunasec.api.v1alpha1.Rules.NAME;
import static dev.lunasec.api.v1alpha1.Rules.NAME_LENGTH;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A Secret in the same namespace with the keys {@code accessKeyId} and {@code secretAccessKey}. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "self.secretName." + NAME,
        fieldPath = ".secretName",
        message = "Write the name of a Secret in the same namespace, like s3-credentials.")
public record SecretName(
        @Required
        @Size(max = NAME_LENGTH)
        @JsonPropertyDescription(
                "The name of a Secret in the same namespace with the keys accessKeyId and secretAccessKey.")
        String secretName) {}
