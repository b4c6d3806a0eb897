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

/** A vault: tokens stand for secrets, and this resource is everything that a vault needs to run. */
@Group(Tokenizer.GROUP)
@Version(Tokenizer.VERSION)
@ShortNames("tkz")
@Categories("lunasec")
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$') && self.metadata.name.size() <= 40",
        message =
                "Write a name of at most 40 lower-case letters, digits and hyphens that begins with a letter, like vault.")
public class Tokenizer extends CustomResource<TokenizerSpec, TokenizerStatus> implements Namespaced {
    private static final long serialVersionUID = 1;

    public static final String GROUP = "lunasec.dev";
    public static final String VERSION = "v1alpha1";

    @Override
    @Required
    @JsonPropertyDescription("What the vault is to be.")
    public TokenizerSpec getSpec() {
        return super.getSpec();
    }

    @Override
    @JsonPropertyDescription("What the vault is; written by the operator alone.")
    public TokenizerStatus getStatus() {
        return super.getStatus();
    }
}
