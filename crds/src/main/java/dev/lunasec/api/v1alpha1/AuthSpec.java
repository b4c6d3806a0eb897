package dev.lunasec.api.v1alpha1;

import static dev.lunasec.api.v1alpha1.Rules.DURATION;
import static dev.lunasec.api.v1alpha1.Rules.DURATION_LENGTH;
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
        value =
                "self.applications.all(a, self.applications.exists_one(b, a.serviceAccount.name == b.serviceAccount.name"
                        + " && a.serviceAccount.__namespace__ == b.serviceAccount.__namespace__))",
        fieldPath = ".applications",
        message = "Two entries have the same ServiceAccount; write one entry with all its actions.")
@ValidationRule(
        value = "self.applications.all(a, !has(a.issuer) || self.issuers.exists(i, i.name == a.issuer))",
        fieldPath = ".applications",
        message =
                "An application names an issuer that is not in auth.issuers; write the name of an entry of auth.issuers.")
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
        List<Issuer> issuers,

        @Default("[]")
        @Size(max = 64)
        @JsonPropertyDescription(
                "The pods that can call with the token of their ServiceAccount. Default empty, at most 64"
                        + " entries.")
        List<Application> applications,

        @Default("15m")
        @Size(max = DURATION_LENGTH)
        @JsonPropertyDescription("How long the tokenizer uses the keys of an issuer after the last fetch that succeeded."
                + " Default 15m, from 5m to 24h.")
        String outageTolerance,

        @Default("1h")
        @Size(max = DURATION_LENGTH)
        @JsonPropertyDescription("The longest time between issue and expiry of the token of a ServiceAccount. A token"
                + " is accepted until it expires, also after its pod was deleted. Default 1h, from 10m to 24h.")
        String maximumServiceAccountTokenLifetime) {

    /** An issuer of JWTs for users and applications. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.name.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$')",
            fieldPath = ".name",
            message = "Write a name of lower-case letters, digits and hyphens, like shop.")
    @ValidationRule(
            value = "self.issuer.size() > 0 && self.audience.size() > 0",
            message = "Write the iss claim as issuer and the aud claim as audience; neither can be empty.")
    @ValidationRule(
            value = "self.jwksUrl." + URL,
            fieldPath = ".jwksUrl",
            message = "Write the URL of the JWKS, like https://shop.example.com/.lunasec/jwks.json.")
    @ValidationRule(
            value = "self.allowInsecure || !self.jwksUrl.startsWith('http://')",
            fieldPath = ".jwksUrl",
            message = "Write a URL that begins with https://, because whoever can change the answer can call as any"
                    + " user; if you accept that, set allowInsecure to true.")
    @ValidationRule(
            value = "self.kinds.size() > 0 && self.kinds.all(a, self.kinds.exists_one(b, a == b))",
            fieldPath = ".kinds",
            message = "Write each kind once, at least one of User, Application and Developer.")
    @ValidationRule(
            value = "self.actions.size() > 0 && self.actions.all(a, self.actions.exists_one(b, a == b))",
            fieldPath = ".actions",
            message =
                    "Write each action once, at least one of Tokenize, Detokenize, Grant, Verify, Metadata, Erase and Rekey.")
    public record Issuer(
            @Required
            @Size(max = 63)
            @JsonPropertyDescription(
                    "The name of the issuer in auth.applications, readiness and metrics, at most 63 characters.")
            String name,

            @Required @Size(max = 512) @JsonPropertyDescription("The iss claim of the JWTs. It is compared exactly.")
            String issuer,

            @Required
            @Size(max = 512)
            @JsonPropertyDescription("The value that the aud claim of the JWTs must contain.")
            String audience,

            @Required
            @Size(max = URL_LENGTH)
            @JsonPropertyDescription("The URL of the JWKS, which has the public keys of the issuer. It begins with"
                    + " https://, unless allowInsecure is true. Redirects are not followed.")
            String jwksUrl,

            @Nullable
            @JsonPropertyDescription("The only certificate authorities that are trusted for jwksUrl. If absent, the"
                    + " public authorities are trusted.")
            ConfigMapKey trustedCA,

            @Default("false")
            @JsonPropertyDescription(
                    "Whether jwksUrl can begin with http://. Whoever can change the answer can then call as any user"
                            + " and application of this issuer. Default false.")
            boolean allowInsecure,

            @Default("[\"User\"]")
            @Size(max = 3)
            @JsonPropertyDescription("The kinds of callers that the issuer can sign JWTs for, at most 3 entries."
                    + " Default User. Application and Developer are possible too.")
            List<Kind> kinds,

            @Default("[\"Tokenize\", \"Detokenize\", \"Grant\", \"Verify\", \"Metadata\"]")
            @Size(max = 7)
            @JsonPropertyDescription(
                    "What callers with a JWT of the issuer can do, at most 7 entries. Default Tokenize, Detokenize,"
                            + " Grant, Verify and Metadata. Erase and Rekey are possible too. Users and developers can"
                            + " at most Tokenize, Detokenize and Metadata.")
            List<Action> actions) {}

    /** A kind of caller; the sub claim of a JWT names it in lower case. */
    public enum Kind {
        @JsonProperty("User")
        USER,
        @JsonProperty("Application")
        APPLICATION,
        @JsonProperty("Developer")
        DEVELOPER
    }

    /** The pods of one ServiceAccount, which can call as an application. */
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
