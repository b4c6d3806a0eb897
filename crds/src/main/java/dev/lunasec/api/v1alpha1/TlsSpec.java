package dev.lunasec.api.v1alpha1;

import static dev.lunasec.api.v1alpha1.Rules.NAME;
import static dev.lunasec.api.v1alpha1.Rules.NAME_LENGTH;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** HTTPS for callers. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "self.secretName." + NAME,
        fieldPath = ".secretName",
        message = "Write the name of a Secret of type kubernetes.io/tls in the same namespace, like vault-tls.")
public record TlsSpec(
        @Required
        @Size(max = NAME_LENGTH)
        @JsonPropertyDescription(
                "The name of a Secret in the same namespace with tls.crt and tls.key, as cert-manager writes"
                        + " it. The tokenizer uses a renewed certificate without a restart.")
        String secretName) {}
