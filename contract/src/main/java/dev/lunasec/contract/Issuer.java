package dev.lunasec.contract;

import static dev.lunasec.contract.SettingsRules.http;
import static dev.lunasec.contract.SettingsRules.ordered;
import static dev.lunasec.contract.SettingsRules.required;

import dev.lunasec.contract.TokenizerSettings.Action;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * An issuer, which signs JWTs for users and applications.
 *
 * @param name the name of the issuer in the resource, in readiness and in metrics
 * @param issuer the {@code iss} claim, compared exactly
 * @param audience the value that the {@code aud} claim must contain
 * @param jwksUrl the URL of its public keys
 * @param trustedCA whether the pod has a file with the only authorities that are trusted for that URL
 * @param kinds the kinds of callers that it may sign JWTs for
 * @param actions what these callers may do at most
 */
public record Issuer(
        String name,
        String issuer,
        String audience,
        URI jwksUrl,
        boolean trustedCA,
        Set<Kind> kinds,
        Set<Action> actions) {
    /** A kind of caller; the {@code sub} claim of a JWT names it in lower case. */
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
        if (jwksUrl == null) throw new InvalidSettings("issuers[].jwksUrl is missing; write the URL of the JWKS.");
        http("issuers[].jwksUrl", jwksUrl);
        kinds = ordered("issuers[].kinds", kinds, Kind.class);
        actions = ordered("issuers[].actions", actions, Action.class);
    }
}
