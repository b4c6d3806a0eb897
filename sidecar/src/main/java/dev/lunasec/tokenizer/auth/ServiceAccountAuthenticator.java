package dev.lunasec.tokenizer.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.GoDuration;
import dev.lunasec.contract.TokenizerEnvironment;
import dev.lunasec.contract.TokenizerSettings.Application;
import dev.lunasec.contract.TokenizerSettings.Auth;
import dev.lunasec.contract.TokenizerSettings.VaultName;
import dev.lunasec.tokenizer.auth.IssuerKeys.Timing;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Pods with the projected token of their ServiceAccount, made for the audience of this vault alone. It is checked with
 * the cluster's keys, so a token holds until it expires, also when its pod is deleted.
 */
public final class ServiceAccountAuthenticator {
    /** The name of a ServiceAccount as a user of Kubernetes; neither part can have a colon in it. */
    private static final Pattern SUBJECT = Pattern.compile("system:serviceaccount:([^:]+):([^:]+)");

    /**
     * The name of the cluster among the issuers in logs and metrics. No issuer of the resource can have a capital
     * letter in its name.
     */
    private static final String NAME = "ServiceAccounts";

    private final Map<String, Application> applications;
    private final String audience;
    private final Duration maximumLifetime;
    private final IssuerKeys keys;
    private final JwtVerifier verifier;

    /**
     * Does not connect yet.
     *
     * @param vault the vault for which the tokens must be made
     * @param auth the longest lifetime of a token, and how long keys are used in an outage
     * @param applications no two are of the same ServiceAccount
     */
    public ServiceAccountAuthenticator(
            TokenizerEnvironment.Cluster cluster, VaultName vault, Auth auth, List<Application> applications) {
        this(cluster, vault, auth, applications, Timing.with(auth.outageTolerance()));
    }

    ServiceAccountAuthenticator(
            TokenizerEnvironment.Cluster cluster,
            VaultName vault,
            Auth auth,
            List<Application> applications,
            Timing timing) {
        this.applications = applications.stream()
                .collect(Collectors.toMap(a -> a.namespace() + "/" + a.name(), Function.identity()));
        this.audience = vault.audience();
        this.maximumLifetime = auth.maximumServiceAccountTokenLifetime();
        this.keys = new IssuerKeys(NAME, new ClusterKeys(cluster), timing);
        this.verifier = new JwtVerifier(keys, audience, new JWTClaimsSet.Builder().build(), InstantSource.system());
    }

    /**
     * Checks the token of a pod.
     *
     * @param issuer its {@code iss} claim
     * @throws CallFailed {@link ErrorCode#UNAUTHENTICATED} or {@link ErrorCode#ISSUER_UNAVAILABLE}
     */
    Caller authenticate(SignedJWT token, @Nullable String issuer) {
        try {
            // The issuer is fetched together with the keys.
            if (!Objects.equals(keys.current().issuer(), issuer)) {
                throw Refusal.unknownIssuer();
            }
            JWTClaimsSet claims = verifier.verify(token);
            checkAudience(claims);
            checkLifetime(claims);
            return Caller.pod(application(claims.getSubject()));
        } catch (KeySourceException e) {
            throw unavailable(e);
        } catch (JOSEException | BadJOSEException e) {
            throw Refusal.NOT_VALID.because(
                    "The ServiceAccount token is not signed by the cluster, has expired or is for another audience;"
                            + " project one with the audience " + audience + ".");
        }
    }

    /** The keys of the cluster. */
    IssuerKeys keys() {
        return keys;
    }

    /** One audience alone: a receiver of a token with two of them could use it at the other one. */
    private void checkAudience(JWTClaimsSet claims) {
        if (claims.getAudience().equals(List.of(audience))) return;
        throw Refusal.TOO_BROAD.because("The ServiceAccount token has several audiences; project one with the audience "
                + audience + " alone.");
    }

    /** A token holds until it expires, also when its pod is deleted, so its lifetime is the bound on that. */
    private void checkLifetime(JWTClaimsSet claims) {
        Date issued = claims.getIssueTime();
        if (issued != null
                && Duration.between(
                                        issued.toInstant(),
                                        claims.getExpirationTime().toInstant())
                                .compareTo(maximumLifetime)
                        <= 0) return;
        throw Refusal.TOO_BROAD.because(
                "The ServiceAccount token is valid for longer than " + GoDuration.format(maximumLifetime)
                        + "; project one with expirationSeconds of at most " + maximumLifetime.toSeconds()
                        + ", or raise spec.auth.maximumServiceAccountTokenLifetime.");
    }

    private Application application(String subject) {
        Matcher account = SUBJECT.matcher(subject);
        if (!account.matches()) throw Refusal.UNKNOWN_APPLICATION.ofJwt("is of no ServiceAccount");
        String name = account.group(1) + "/" + account.group(2);
        Application application = applications.get(name);
        if (application != null) return application;
        throw Refusal.UNKNOWN_APPLICATION.because(
                "The ServiceAccount " + name + " is no application of this vault; add it to spec.auth.applications.");
    }

    private static CallFailed unavailable(Exception e) {
        return new CallFailed(
                ErrorCode.ISSUER_UNAVAILABLE,
                "The keys of the cluster can't be fetched at the moment; try again soon.",
                e);
    }
}
