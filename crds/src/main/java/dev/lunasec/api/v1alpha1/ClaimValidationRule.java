package dev.lunasec.api.v1alpha1;

import static dev.lunasec.api.v1alpha1.Rules.CLAIM_LENGTH;
import static dev.lunasec.api.v1alpha1.Rules.CLAIM_VALUE_LENGTH;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A condition on a claim that each JWT of an issuer must meet. */
@JsonInclude(Include.NON_NULL)
@ValidationRule(
        value = "self.claim.size() > 0 && self.requiredValue.size() > 0",
        message = "Write a claim and the value that it must have, like claim typ and requiredValue Bearer.")
public record ClaimValidationRule(
        @Required
        @Size(max = CLAIM_LENGTH)
        @JsonPropertyDescription(
                "The name of a claim, or a path with dots to a claim inside of others. At most 256 characters.")
        String claim,

        @Required
        @Size(max = CLAIM_VALUE_LENGTH)
        @JsonPropertyDescription("The text that the claim must be, or that must be in it if it is a list. The claims"
                + " scope and scp are lists of words. At most 512 characters.")
        String requiredValue) {}
