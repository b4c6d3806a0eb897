package dev.lunasec.tokenizer.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.MountedFiles;
import dev.lunasec.tokenizer.auth.IssuerKeys.Timing;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Chooses by the {@code iss} claim who verifies a JWT: an issuer of the vault, or the cluster for any other claim. */
public final class IssuerRouter implements Authenticator, AutoCloseable {
    private static final int LONGEST_JWT = 8 << 10;

    private final Map<String, JwtAuthenticator> issuers;
    private final @Nullable ServiceAccountAuthenticator cluster;
    private final List<IssuerKeys> keys = new ArrayList<>();
    private final VerifiedJwts verified;

    /**
     * Does not connect yet.
     *
     * @param issuers their {@code iss} values differ
     * @param authorities folder with a file for each issuer that has authorities of its own; null for none
     * @param cluster null when no pod authenticates with its ServiceAccount
     * @param outageTolerance how long keys are used after the last fetch that succeeded
     */
    public IssuerRouter(
            List<Issuer> issuers,
            @Nullable Path authorities,
            @Nullable ServiceAccountAuthenticator cluster,
            Duration outageTolerance) {
        this(issuers, authorities, cluster, Timing.with(outageTolerance));
    }

    IssuerRouter(
            List<Issuer> issuers,
            @Nullable Path authorities,
            @Nullable ServiceAccountAuthenticator cluster,
            Timing timing) {
        this(
                issuers.stream()
                        .map(issuer -> new JwtAuthenticator(
                                issuer,
                                new IssuerKeys(
                                        issuer.name(), new IssuerJwks(issuer, authority(issuer, authorities)), timing),
                                InstantSource.system()))
                        .toList(),
                cluster,
                new VerifiedJwts(InstantSource.system(), System::nanoTime));
    }

    IssuerRouter(List<JwtAuthenticator> issuers, @Nullable ServiceAccountAuthenticator cluster, VerifiedJwts verified) {
        this.issuers = issuers.stream().collect(Collectors.toMap(JwtAuthenticator::issuer, Function.identity()));
        this.cluster = cluster;
        this.verified = verified;
        issuers.forEach(issuer -> keys.add(issuer.keys()));
        if (cluster != null) keys.add(cluster.keys());
    }

    /**
     * Begins to fetch the keys of all issuers in the background. It waits for none of them, and none of them for
     * another.
     */
    public void start() {
        keys.forEach(IssuerKeys::start);
    }

    /** Registers the metrics of the issuers' keys. */
    public void bindTo(MeterRegistry metrics) {
        keys.forEach(ofIssuer -> ofIssuer.bindTo(metrics));
    }

    /** Ends the fetches in the background. */
    @Override
    public void close() {
        keys.forEach(IssuerKeys::close);
    }

    private static @Nullable Path authority(Issuer issuer, @Nullable Path authorities) {
        if (!issuer.trustedCA()) return null;
        if (authorities != null) return authorities.resolve(MountedFiles.issuerCA(issuer.name()));
        throw new InvalidSettings(EnvironmentVariables.ISSUER_CAS + " is not set, but the issuer " + issuer.name()
                + " has authorities of its own; set it to the folder that holds " + MountedFiles.issuerCA(issuer.name())
                + ".");
    }

    @Override
    public Caller authenticate(String credentials) {
        String text = credentials.regionMatches(true, 0, "Bearer ", 0, 7)
                ? credentials.substring(7).strip()
                : credentials;
        if (text.length() > LONGEST_JWT)
            throw Refusal.MALFORMED.ofJwt(
                    "is longer than " + LONGEST_JWT + " characters; have its issuer write fewer claims into it");
        String digest = VerifiedJwts.digest(text);
        Caller known = verified.caller(digest);
        return known != null ? known : verify(text, digest);
    }

    private Caller verify(String text, String digest) {
        SignedJWT jwt;
        JWTClaimsSet claims;
        try {
            jwt = SignedJWT.parse(text);
            claims = jwt.getJWTClaimsSet();
        } catch (ParseException e) {
            throw Refusal.MALFORMED.because(
                    "The credentials are not a signed JWT; send one as its issuer signed it in the header"
                            + " authorization.");
        }
        JwtAuthenticator issuer = issuers.get(claims.getIssuer());
        if (issuer != null)
            return verified.verify(digest, claims, issuer.keys(), () -> issuer.authenticate(jwt, claims));
        if (cluster != null) {
            return verified.verify(digest, claims, cluster.keys(), () -> cluster.authenticate(jwt, claims.getIssuer()));
        }
        throw Refusal.unknownIssuer();
    }
}
