package dev.lunasec.api.v1alpha1;

import static dev.lunasec.api.v1alpha1.Rules.DURATION;
import static dev.lunasec.api.v1alpha1.Rules.DURATION_LENGTH;
import static dev.lunasec.api.v1alpha1.Rules.NAME;
import static dev.lunasec.api.v1alpha1.Rules.NAME_LENGTH;

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

/** Who can call the tokenizer. */
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
        value = "self.applications.all(a, self.applications.exists_one(b,"
                + " a.serviceAccount.name == b.serviceAccount.name"
                + " && a.serviceAccount.__namespace__ == b.serviceAccount.__namespace__))",
        fieldPath = ".applications",
        message = "Two entries have the same ServiceAccount; write one entry with all its actions.")
@ValidationRule(
        value = "self.applications.all(a, !has(a.issuer) || self.issuers.exists(i, i.name == a.issuer))",
        fieldPath = ".applications",
        message = "An application names an issuer that is not in auth.issuers;"
                + " write the name of an entry of auth.issuers.")
@ValidationRule(
        value = "self.outageTolerance." + DURATION + " && duration(self.outageTolerance) >= duration('5m')"
                + " && duration(self.outageTolerance) <= duration('24h')",
        fieldPath = ".outageTolerance",
        message = "Write a duration from 5m to 24h, like 15m.")
@ValidationRule(
        value = "self.maximumServiceAccountTokenLifetime." + DURATION
                + " && duration(self.maximumServiceAccountTokenLifetime) >= duration('10m')"
                + " && duration(self.maximumServiceAccountTokenLifetime) <= duration('24h')",
        fieldPath = ".maximumServiceAccountTokenLifetime",
        message = "Write a duration from 10m to 24h, like 1h.")
public record AuthSpec(
        @Default("[]")
        @Size(max = 16)
        @JsonPropertyDescription("The issuers whose JWTs the tokenizer accepts. Default empty, at most 16 entries.")
        List<IssuerSpec> issuers,

        @Default("[]")
        @Size(max = 64)
        @JsonPropertyDescription(
                "The pods that can call with the token of their ServiceAccount. Default empty, at most 64"
                        + " entries.")
        List<Application> applications,

        @Default("15m")
        @Size(max = DURATION_LENGTH)
        @JsonPropertyDescription(
                "How long the tokenizer uses the keys of an issuer after the last fetch that succeeded."
                        + " Default 15m, from 5m to 24h.")
        String outageTolerance,

        @Default("1h")
        @Size(max = DURATION_LENGTH)
        @JsonPropertyDescription("The longest time between issue and expiry of the token of a ServiceAccount. A token"
                + " is accepted until it expires, also after its pod was deleted. Default 1h, from 10m to 24h.")
        String maximumServiceAccountTokenLifetime,

        @Default("Disabled")
        @JsonPropertyDescription(
                "Enabled serves the Simple API of LunaDefend, /.lunasec/tokenize and /.lunasec/detokenize, to callers"
                        + " without credentials: whoever can connect to the pods can store values, and can read the"
                        + " value of each token that was made with it. Disabled answers 404. Default Disabled.")
        SimpleApi simpleApi) {

    /** Whether callers without credentials can use the Simple API. */
    public enum SimpleApi {
        @JsonProperty("Enabled")
        ENABLED,
        @JsonProperty("Disabled")
        DISABLED
    }

    /** The pods of one ServiceAccount, which can call as an application. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.actions.size() > 0 && self.actions.all(a, self.actions.exists_one(b, a == b))",
            fieldPath = ".actions",
            message = "Write each action once, at least one of Tokenize, Detokenize, Grant, Verify, Metadata,"
                    + " Erase and Rekey.")
    public record Application(
            @Required @JsonPropertyDescription("The ServiceAccount of the pods.")
            ServiceAccount serviceAccount,

            @Default("[\"Tokenize\", \"Detokenize\", \"Grant\", \"Verify\", \"Metadata\"]")
            @Size(max = 7)
            @JsonPropertyDescription(
                    "What the pods can do, at most 7 entries. Default Tokenize, Detokenize, Grant, Verify and"
                            + " Metadata. Erase and Rekey are possible too.")
            List<Action> actions,

            @Nullable
            @Size(max = 63)
            @JsonPropertyDescription(
                    "The name of the entry of auth.issuers to whose sessions the pods can give grants, at most 63"
                            + " characters. If absent, it is the only entry; if there are several, the pods can give"
                            + " grants to no session.")
            String issuer) {}

    /** What an application can do. */
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
            @Required
            @Size(max = 63)
            @JsonPropertyDescription("The namespace of the ServiceAccount, at most 63 characters.")
            String namespace,

            @Required @Size(max = NAME_LENGTH) @JsonPropertyDescription("The name of the ServiceAccount.")
            String name) {}
}
