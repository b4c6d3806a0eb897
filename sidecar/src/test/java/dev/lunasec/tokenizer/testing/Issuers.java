package dev.lunasec.tokenizer.testing;

import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.testbed.JwtIssuer;
import java.net.URI;
import java.util.EnumSet;

/** Issuers of JWTs as the settings of a test have them. */
public final class Issuers {
    private Issuers() {}

    /** May sign for callers of every kind, who may do everything. */
    public static Issuer unlimited(String name, String issuer, URI jwksUrl) {
        return new Issuer(
                name,
                issuer,
                JwtIssuer.AUDIENCE,
                jwksUrl,
                false,
                EnumSet.allOf(Kind.class),
                EnumSet.allOf(Action.class));
    }
}
