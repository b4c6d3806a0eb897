package dev.lunasec.tokenizer.auth;

import com.nimbusds.jwt.SignedJWT;
import dev.lunasec.contract.TokenizerSettings.Issuer;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lets the {@code iss} claim choose who checks: one of the vault's issuers, or the cluster for all that is of none of them. */
public final class IssuerRouter implements Authenticator {
    private static final int LONGEST_JWT = 8 << 10;

    private final Map<String, JwtAuthenticator> issuers;
    private final @Nullable ServiceAccountAuthenticator cluster;

    /**
     * Does not connect yet.
     *
     * @param issuers their {@code iss} values differ
     * @param cluster null when no pod authenticates with its ServiceAccount
     */
    public IssuerRouter(List<Issuer> issuers, @Nullable ServiceAccountAuthenticator cluster) {
        this.issuers = issuers.stream()
                .collect(Collectors.toMap(Issuer::issuer, (Function<Issuer, JwtAuthenticator>) JwtAuthenticator::new));
        this.cluster = cluster;
    }

    @Override
    public Caller authenticate(String credentials) {
        String text = credentials.regionMatches(true, 0, "Bearer ", 0, 7)
                ? credentials.substring(7).strip()
                : credentials;
        if (text.length() > LONGEST_JWT) throw JwtAuthenticator.refused("is too long");
        SignedJWT jwt;
        String claimed;
        try {
            jwt = SignedJWT.parse(text);
            claimed = jwt.getJWTClaimsSet().getIssuer();
        } catch (ParseException e) {
            throw JwtAuthenticator.refused("is none; send one in the header authorization");
        }
        JwtAuthenticator issuer = claimed == null ? null : issuers.get(claimed);
        if (issuer != null) return issuer.authenticate(jwt);
        if (cluster != null) return cluster.authenticate(jwt, claimed);
        throw JwtAuthenticator.refused("is of an issuer that this vault doesn't know");
    }
}
