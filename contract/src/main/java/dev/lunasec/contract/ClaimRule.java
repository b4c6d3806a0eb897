package dev.lunasec.contract;

import static dev.lunasec.contract.SettingsRules.required;

/**
 * A condition on one claim of a JWT, as Kubernetes' {@code AuthenticationConfiguration} has it. It holds if the claim
 * is the required text, or a list that has it. The claims {@code scope} and {@code scp} are lists of words with a space
 * between them (RFC 6749, 3.3).
 *
 * @param claim the name of a claim, or a path with dots to a claim inside of others: {@code realm_access.roles}
 * @param requiredValue compared exactly
 */
public record ClaimRule(String claim, String requiredValue) {
    public ClaimRule {
        required("issuers[].claimValidationRules[].claim", claim);
        required("issuers[].claimValidationRules[].requiredValue", requiredValue);
    }
}
