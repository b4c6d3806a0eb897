package dev.lunasec.api.v1alpha1;

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
        value = "!has(self.jwksUrl) || self.jwksUrl." + URL,
        fieldPath = ".jwksUrl",
        message = "Write the URL of the JWKS, like https://shop.example.com/.lunasec/jwks.json.")
@ValidationRule(
        value = "has(self.jwksUrl) || (self.issuer." + URL + " && !self.issuer.contains('?'))",
        message = "Write the URL of the JWKS as jwksUrl, because the issuer is no URL that can have a discovery"
                + " document.")
@ValidationRule(
        value = "self.allowInsecure || has(self.jwksUrl) || !self.issuer.startsWith('http://')",
        message = "Write the URL of the JWKS as jwksUrl, because the issuer does not begin with https://; if you accept"
                + " keys that anyone on the path can change, set allowInsecure to true.")
@ValidationRule(
        value = "self.allowInsecure || !has(self.jwksUrl) || !self.jwksUrl.startsWith('http://')",
        fieldPath = ".jwksUrl",
        message = "Write a URL that begins with https://, because whoever can change the answer can call as any"
                + " user; if you accept that, set allowInsecure to true.")
@ValidationRule(
        value = "!has(self.loginUrl) || self.loginUrl." + URL
                + " && (self.allowInsecure || !self.loginUrl.startsWith('http://'))",
        fieldPath = ".loginUrl",
        message = "Write the URL of the login, like https://shop.example.com/.lunasec/secure-frame; it begins with"
                + " https://, unless allowInsecure is true.")
@ValidationRule(
        value = "self.kinds.size() > 0 && self.kinds.all(a, self.kinds.exists_one(b, a == b))",
        fieldPath = ".kinds",
        message = "Write each kind once, at least one of User, Application and Developer.")
@ValidationRule(
        value = "self.actions.size() > 0 && self.actions.all(a, self.actions.exists_one(b, a == b))",
        fieldPath = ".actions",
        message = "Write each action once, at least one of Tokenize, Detokenize, Grant, Verify, Metadata,"
                + " Erase and Rekey.")
@ValidationRule(
        value = "!has(self.claimMappings) || self.claimMappings.kinds.all(m, m.kind in self.kinds)",
        fieldPath = ".claimMappings",
        message = "An entry of claimMappings.kinds has a kind that is not in kinds; write it in kinds too.")
@ValidationRule(
        value = "!has(self.claimMappings) || self.claimMappings.kinds.all(m,"
                + " !has(m.actions) || m.actions.all(a, a in self.actions))",
        fieldPath = ".claimMappings",
        message = "An entry of claimMappings.kinds has an action that is not in actions; write it in actions too.")
public record IssuerSpec(
        @Required
        @Size(max = 63)
        @JsonPropertyDescription(
                "The name of the issuer in auth.applications, readiness and metrics, at most 63 characters.")
        String name,

        @Required @Size(max = 512) @JsonPropertyDescription("The iss claim of the JWTs. It is compared exactly.")
        String issuer,

        @Required @Size(max = 512) @JsonPropertyDescription("The value that the aud claim of the JWTs must contain.")
        String audience,

        @Nullable
        @Size(max = URL_LENGTH)
        @JsonPropertyDescription("The URL of the JWKS, which has the public keys of the issuer. It begins with"
                + " https://, unless allowInsecure is true. Redirects are not followed. If absent, issuer is a URL, and"
                + " the document at <issuer>/.well-known/openid-configuration names the JWKS, with the scheme and the"
                + " port of the issuer.")
        String jwksUrl,

        @Nullable
        @JsonPropertyDescription("The only certificate authorities that are trusted for jwksUrl, or for the"
                + " issuer if jwksUrl is absent. If absent, the public authorities are trusted.")
        ConfigMapKey trustedCA,

        @Default("false")
        @JsonPropertyDescription(
                "Whether loginUrl and jwksUrl, or the issuer if jwksUrl is absent, can begin with http://. Whoever can"
                        + " change the answers can then call as any user and application of this issuer. Default"
                        + " false.")
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
        List<AuthSpec.Action> actions,

        @Default("[]")
        @Size(max = 16)
        @JsonPropertyDescription("Conditions that each JWT must meet, all of them. Default empty, at most 16 entries.")
        List<ClaimValidationRule> claimValidationRules,

        @Nullable
        @JsonPropertyDescription("Which claims tell who calls. If absent, the claim sub is user, application or"
                + " developer, and session_id is the session, as in the JWTs of LunaDefend's SDK.")
        ClaimMappingsSpec claimMappings,

        @Nullable
        @Size(max = URL_LENGTH)
        @JsonPropertyDescription(
                "The page to which /session/ensure sends a browser. It sends the browser back to /session/create with"
                        + " a JWT of its user. The tokenizer adds the parameter state, which the page returns. If"
                        + " absent, no browser can log in at this issuer. Needs frame.origin.")
        String loginUrl) {

    /** Where the keys are looked for: jwksUrl, or the issuer, whose discovery document names it. */
    public String keysUrl() {
        return jwksUrl == null ? issuer : jwksUrl;
    }

    /** A kind of caller; the sub claim of a JWT of LunaDefend's SDK names it in lower case. */
    public enum Kind {
        @JsonProperty("User")
        USER,
        @JsonProperty("Application")
        APPLICATION,
        @JsonProperty("Developer")
        DEVELOPER
    }
}
