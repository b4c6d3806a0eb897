package dev.lunasec.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * A vault. Applications store tokens in place of the values, and the operator runs everything that the vault needs. The
 * name of the resource is a prefix of the names of its objects, so it has at most 40 characters.
 */
@Group(Tokenizer.GROUP)
@Version(Tokenizer.VERSION)
@ShortNames("tkz")
@Categories("lunasec")
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$') && self.metadata.name.size() <= 40",
        message = "Write a name of at most 40 lower-case letters, digits and hyphens that starts with a letter,"
                + " like vault.")
public class Tokenizer extends CustomResource<TokenizerSpec, TokenizerStatus> implements Namespaced {
    private static final long serialVersionUID = 1;

    public static final String GROUP = "lunasec.dev";
    public static final String VERSION = "v1alpha1";

    @Override
    @Required
    @JsonPropertyDescription("The desired state of the vault.")
    public TokenizerSpec getSpec() {
        return super.getSpec();
    }

    @Override
    @JsonPropertyDescription("The observed state of the vault. Only the operator writes it.")
    public TokenizerStatus getStatus() {
        return super.getStatus();
    }
}
