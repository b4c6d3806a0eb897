package dev.lunasec.api.v1alpha1;

import static dev.lunasec.api.v1alpha1.Rules.CLAIM_LENGTH;
import static dev.lunasec.api.v1alpha1.Rules.CLAIM_VALUE_LENGTH;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which claims of a JWT tell who calls. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "self.kinds.size() > 0 || self.session.claim != 'sub'",
        fieldPath = ".session",
        message =
                "Write another claim than sub, or write kinds: without them, sub names the kind of the caller, and all"
                        + " users would have one session.")
public record ClaimMappingsSpec(
        @Nullable
        @JsonPropertyDescription(
                "The claim that names the caller in the audit log, and tells the applications of the issuer apart. Take"
                        + " one whose values are never given to somebody else."
                        + " Default sub if claimMappings.kinds has entries; else no claim names the caller.")
        Claim subject,

        @Default("{\"claim\": \"session_id\"}")
        @JsonPropertyDescription("The claim that is the session of a user or a developer, to which grants are given."
                + " It differs for each session. A JWT of a user or a developer without it is refused."
                + " Default session_id.")
        Claim session,

        @Default("[]")
        @Size(max = 16)
        @JsonPropertyDescription(
                "Which callers are users, applications or developers, at most 16 entries. The first entry whose claim"
                        + " has the required value decides; a JWT that meets none is refused. Default empty: then the"
                        + " claim sub is user, application or developer.")
        List<KindMapping> kinds) {

    /** A claim of a JWT. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.claim.size() > 0",
            fieldPath = ".claim",
            message = "Write the name of a claim, like sub for the subject and sid for the session.")
    public record Claim(
            @Required
            @Size(max = CLAIM_LENGTH)
            @JsonPropertyDescription(
                    "The name of the claim, or a path with dots to a claim inside of others. At most 256 characters.")
            String claim) {}

    /** Which callers are of one kind, and what they can do. */
    @JsonInclude(Include.NON_NULL)
    @ValidationRule(
            value = "self.claim.size() > 0 && self.requiredValue.size() > 0",
            message = "Write a claim and the value that it must have,"
                    + " like claim realm_access.roles and requiredValue tokenizer-application.")
    @ValidationRule(
            value = "!has(self.actions)"
                    + " || (self.actions.size() > 0 && self.actions.all(a, self.actions.exists_one(b, a == b)))",
            fieldPath = ".actions",
            message = "Write each action once, at least one of Tokenize, Detokenize, Grant, Verify, Metadata,"
                    + " Erase and Rekey.")
    public record KindMapping(
            @Required
            @JsonPropertyDescription("The kind of the callers whose JWTs have the required value: User, Application or"
                    + " Developer. It is among the kinds of the issuer.")
            IssuerSpec.Kind kind,

            @Required
            @Size(max = CLAIM_LENGTH)
            @JsonPropertyDescription("The name of a claim, or a path with dots to a claim inside of others, like"
                    + " realm_access.roles. At most 256 characters.")
            String claim,

            @Required
            @Size(max = CLAIM_VALUE_LENGTH)
            @JsonPropertyDescription(
                    "The text that the claim must be, or that must be in it if it is a list. The claims"
                            + " scope and scp are lists of words. At most 512 characters.")
            String requiredValue,

            @Nullable
            @Size(max = 7)
            @JsonPropertyDescription(
                    "What these callers can do, at most 7 entries of Tokenize, Detokenize, Grant, Verify, Metadata,"
                            + " Erase and Rekey, which are among the actions of the issuer. If absent, all actions of"
                            + " the issuer. Users and developers can at most Tokenize, Detokenize and Metadata.")
            List<AuthSpec.Action> actions) {}
}
