package dev.lunasec.contract;

import static dev.lunasec.contract.SettingsRules.http;
import static dev.lunasec.contract.SettingsRules.isHttp;
import static dev.lunasec.contract.SettingsRules.list;
import static dev.lunasec.contract.SettingsRules.ordered;
import static dev.lunasec.contract.SettingsRules.required;

import dev.lunasec.contract.ClaimMappings.KindMapping;
import dev.lunasec.contract.TokenizerSettings.Action;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An issuer, which signs JWTs for users and applications.
 *
 * @param name the name of the issuer in the resource, in readiness and in metrics
 * @param issuer the {@code iss} claim, compared exactly
 * @param audience the value that the {@code aud} claim must contain
 * @param jwksUrl the URL of its public keys; null if the discovery document of {@code issuer} names it
 * @param trustedCA whether the pod has a file with the only authorities that are trusted for that URL and that document
 * @param kinds the kinds of callers that it may sign JWTs for
 * @param actions what these callers may do at most
 * @param claimValidationRules conditions that each JWT must meet; all of them
 * @param claimMappings which claims tell who calls
 * @param loginUrl the page that sends a browser back with a JWT of its user; null when the issuer logs no browsers in
 */
public record Issuer(
        String name,
        String issuer,
        String audience,
        @Nullable URI jwksUrl,
        boolean trustedCA,
        Set<Kind> kinds,
        Set<Action> actions,
        List<ClaimRule> claimValidationRules,
        ClaimMappings claimMappings,
        @Nullable URI loginUrl) {
    /** A kind of caller; the {@code sub} claim of the JWTs of the original's SDK names it in lower case. */
    public enum Kind {
        USER,
        APPLICATION,
        DEVELOPER;

        /** The word in a JWT and in the audit log. */
        public String claim() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Issuer {
        required("issuers[].name", name);
        required("issuers[].issuer", issuer);
        required("issuers[].audience", audience);
        if (issuer.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidSettings("issuers[].issuer has a control character; write a text without line breaks.");
        }
        if (jwksUrl == null && !canHaveDiscovery(issuer)) {
            throw new InvalidSettings("issuers[].jwksUrl is missing, and issuers[].issuer is no URL that can have a"
                    + " discovery document; write the URL of the JWKS.");
        }
        http("issuers[].jwksUrl", jwksUrl);
        http("issuers[].loginUrl", loginUrl);
        kinds = ordered("issuers[].kinds", kinds, Kind.class);
        actions = ordered("issuers[].actions", actions, Action.class);
        claimValidationRules = list("issuers[].claimValidationRules", claimValidationRules);
        if (claimMappings == null) claimMappings = ClaimMappings.ORIGINAL;
        for (KindMapping mapping : claimMappings.kinds()) {
            if (!kinds.contains(mapping.kind())) {
                throw new InvalidSettings("issuers[].claimMappings.kinds has the kind " + mapping.kind()
                        + ", which is not in issuers[].kinds; write it in both.");
            }
            if (!actions.containsAll(mapping.actions())) {
                throw new InvalidSettings("issuers[].claimMappings.kinds[].actions has an action that is not in"
                        + " issuers[].actions; write it in both.");
            }
        }
    }

    /** OpenID Connect Discovery 1.0, 3: the issuer is a URL without query and fragment. */
    private static boolean canHaveDiscovery(String issuer) {
        try {
            URI url = new URI(issuer);
            return isHttp(url) && url.getRawQuery() == null && url.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
