package dev.lunasec.api.v1alpha1;

import static dev.lunasec.api.v1alpha1.Rules.NAME;
import static dev.lunasec.api.v1alpha1.Rules.NAME_LENGTH;
import static dev.lunasec.api.v1alpha1.Rules.URL;
import static dev.lunasec.api.v1alpha1.Rules.URL_LENGTH;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may call. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "self.issuers.all(a, self.issuers.exists_one(b, a.name == b.name))",
        fieldPath = ".issuers",
        message = "Two issuers have the same name; write a different name for each.")
@ValidationRule(
        value = "self.issuers.all(a, self.issuers.exists_one(b, a.issuer == b.issuer))",
        fieldPath = ".issuers",
        message = "Two entries have the same issuer; write one entry for each iss claim.")
@ValidationRule(
        value =
                "self.applications.all(a, self.applications.exists_one(b, a.serviceAccount.name == b.serviceAccount.name"
                        + " && a.serviceAccount.__namespace__ == b.serviceAccount.__namespace__))",
        fieldPath = ".applications",
        message = "Two entries have the same ServiceAccount; write one with all its actions.")
@ValidationRule(
        value = "self.applications.all(a, !has(a.issuer) || self.issuers.exists(i, i.name == a.issuer))",
        fieldPath = ".applications",
        message = "An application names an issuer that is not in auth.issuers; write the name of one that is.")
public record AuthSpec(
        @Default("[]")
        @Size(max = 16)
        @JsonPropertyDescription("Who signs the JWTs of users and applications, up to 16.")
        List<Issuer> issuers,

        @Default("[]")
        @Size(max = 64)
        @JsonPropertyDescription("Pods that come with their ServiceAccount token, up to 64.")
        List<Application> applications) {

    /** One who signs JWTs. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.name.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$')",
            fieldPath = ".name",
            message = "Write a name of lower-case letters, digits and hyphens, like shop.")
    @ValidationRule(
            value = "self.issuer.size() > 0 && self.audience.size() > 0",
            message = "Write the iss claim as issuer and the aud claim as audience, neither of them empty.")
    @ValidationRule(
            value = "self.jwksUrl." + URL,
            fieldPath = ".jwksUrl",
            message = "Write the address of the JWKS, like https://shop.example.com/.lunasec/jwks.json.")
    public record Issuer(
            @Required @Size(max = 63) @JsonPropertyDescription("Its name in readiness and metrics.")
            String name,

            @Required @Size(max = 512) @JsonPropertyDescription("The iss claim, compared exactly.")
            String issuer,

            @Required @Size(max = 512) @JsonPropertyDescription("The aud claim that must be among the token's.")
            String audience,

            @Required @Size(max = URL_LENGTH) @JsonPropertyDescription("Where its public keys are.")
            String jwksUrl) {}

    /** PodsSpec that may call as an application. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.actions.size() > 0 && self.actions.all(a, self.actions.exists_one(b, a == b))",
            fieldPath = ".actions",
            message =
                    "Write each action once, at least one of Tokenize, Detokenize, Grant, Verify, Metadata, Erase and Rekey.")
    public record Application(
            @Required @JsonPropertyDescription("The ServiceAccount of the pods.")
            ServiceAccount serviceAccount,

            @Default("[\"Tokenize\", \"Detokenize\", \"Grant\", \"Verify\", \"Metadata\"]")
            @Size(max = 8)
            @JsonPropertyDescription("What they may do; without Erase and Rekey when nothing is said.")
            List<Action> actions,

            @Nullable
            @Size(max = 63)
            @JsonPropertyDescription(
                    "The name of the issuer to whose sessions they give grants; absent for the only one that there is.")
            String issuer) {}

    /** What an application may do. */
    public enum Action {
        @JsonProperty("Tokenize")
        TOKENIZE,
        @JsonProperty("Detokenize")
        DETOKENIZE,
        @JsonProperty("Grant")
        GRANT,
        @JsonProperty("Verify")
        VERIFY,
        @JsonProperty("Metadata")
        METADATA,
        @JsonProperty("Erase")
        ERASE,
        @JsonProperty("Rekey")
        REKEY
    }

    /** A ServiceAccount of any namespace. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.__namespace__.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$') && self.name." + NAME,
            message = "Write the namespace and the name of a ServiceAccount, like namespace shop and name backend.")
    public record ServiceAccount(
            @Required @Size(max = 63) @JsonPropertyDescription("The namespace of the ServiceAccount.")
            String namespace,

            @Required @Size(max = NAME_LENGTH) @JsonPropertyDescription("The name of the ServiceAccount.")
            String name) {}
}
