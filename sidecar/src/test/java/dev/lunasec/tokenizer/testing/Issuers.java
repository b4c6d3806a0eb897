package dev.lunasec.tokenizer.testing;

import dev.lunasec.contract.ClaimMappings;
import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.testbed.JwtIssuer;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Issuers of JWTs as the settings of a test have them, with the claims of the original's SDK. */
public final class Issuers {
    private Issuers() {}

    /** May sign for callers of every kind, who may do everything. */
    public static Issuer unlimited(String name, String issuer, URI jwksUrl) {
        return limited(name, issuer, jwksUrl, EnumSet.allOf(Kind.class), EnumSet.allOf(Action.class));
    }

    /** May sign for callers of some kinds, who may do some things. */
    public static Issuer limited(String name, String issuer, URI jwksUrl, Set<Kind> kinds, Set<Action> actions) {
        return new Issuer(
                name,
                issuer,
                JwtIssuer.AUDIENCE,
                jwksUrl,
                false,
                kinds,
                actions,
                List.of(),
                ClaimMappings.ORIGINAL,
                null);
    }

    /** An issuer at which browsers can log in. */
    public static Issuer withLogin(Issuer issuer, URI loginUrl) {
        return new Issuer(
                issuer.name(),
                issuer.issuer(),
                issuer.audience(),
                issuer.jwksUrl(),
                issuer.trustedCA(),
                issuer.kinds(),
                issuer.actions(),
                issuer.claimValidationRules(),
                issuer.claimMappings(),
                loginUrl);
    }

    /** An issuer whose keys come over TLS from a server that only authorities of its own have certified. */
    public static Issuer withAuthorities(Issuer issuer) {
        return new Issuer(
                issuer.name(),
                issuer.issuer(),
                issuer.audience(),
                issuer.jwksUrl(),
                true,
                issuer.kinds(),
                issuer.actions(),
                issuer.claimValidationRules(),
                issuer.claimMappings(),
                issuer.loginUrl());
    }
}
