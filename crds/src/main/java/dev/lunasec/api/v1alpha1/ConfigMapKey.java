package dev.lunasec.api.v1alpha1;

import static dev.lunasec.api.v1alpha1.Rules.KEY;
import static dev.lunasec.api.v1alpha1.Rules.NAME;
import static dev.lunasec.api.v1alpha1.Rules.NAME_LENGTH;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A key of a ConfigMap in the same namespace. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "self.configMapName." + NAME,
        fieldPath = ".configMapName",
        message = "Write the name of a ConfigMap in the same namespace, like internal-ca.")
@ValidationRule(value = "self.key." + KEY, fieldPath = ".key", message = "Write a key of that ConfigMap, like ca.crt.")
public record ConfigMapKey(
        @Required @Size(max = NAME_LENGTH) @JsonPropertyDescription("The name of a ConfigMap in the same namespace.")
        String configMapName,

        @Default("ca.crt")
        @Size(max = NAME_LENGTH)
        @JsonPropertyDescription("The key of that ConfigMap that holds the certificates in PEM. Default ca.crt.")
        String key) {}
