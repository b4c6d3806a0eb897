package dev.lunasec.tokenizer.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.TokenizerEnvironment;
import dev.lunasec.contract.TokenizerSettings.Application;
import dev.lunasec.tokenizer.auth.IssuerKeys.Timing;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Pods with the projected token of their ServiceAccount, made for the audience {@value TokenizerEnvironment#AUDIENCE}. It is checked
 * with the cluster's keys, so a token holds until it expires, also when its pod is gone.
 */
public final class ServiceAccountAuthenticator {
    /** The name of a ServiceAccount as a user of Kubernetes; neither part can have a colon in it. */
    private static final Pattern SUBJECT = Pattern.compile("system:serviceaccount:([^:]+):([^:]+)");

    /** The name of the cluster among the issuers in logs and metrics. No issuer of the resource can have a capital letter in its name. */
    private static final String NAME = "ServiceAccounts";

    private final Map<String, Application> applications;
    private final IssuerKeys keys;
    private final JwtVerifier verifier;

    /**
     * Connects when first asked.
     *
     * @param applications no two are of the same ServiceAccount
     */
    public ServiceAccountAuthenticator(TokenizerEnvironment.Cluster cluster, List<Application> applications) {
        this(cluster, applications, Timing.USUAL);
    }

    ServiceAccountAuthenticator(TokenizerEnvironment.Cluster cluster, List<Application> applications, Timing timing) {
        this.applications = applications.stream()
                .collect(Collectors.toMap(a -> a.namespace() + "/" + a.name(), Function.identity()));
        this.keys = new IssuerKeys(NAME, new ClusterKeys(cluster), timing);
        this.verifier = new JwtVerifier(keys, TokenizerEnvironment.AUDIENCE, new JWTClaimsSet.Builder().build());
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
                throw JwtAuthenticator.refused("is of an issuer that this vault doesn't know");
            }
            return Caller.pod(application(verifier.verify(token).getSubject()));
        } catch (KeySourceException e) {
            throw unavailable(e);
        } catch (JOSEException | BadJOSEException e) {
            throw new CallFailed(
                    ErrorCode.UNAUTHENTICATED,
                    "The ServiceAccount token is not signed by the cluster, has expired or is for another audience;"
                            + " project one with the audience " + TokenizerEnvironment.AUDIENCE + ".");
        }
    }

    /** The keys of the cluster. */
    IssuerKeys keys() {
        return keys;
    }

    private Application application(String subject) {
        Matcher account = SUBJECT.matcher(subject);
        if (!account.matches()) throw JwtAuthenticator.refused("is of no ServiceAccount");
        String name = account.group(1) + "/" + account.group(2);
        Application application = applications.get(name);
        if (application != null) return application;
        throw new CallFailed(
                ErrorCode.UNAUTHENTICATED,
                "The ServiceAccount " + name + " is no application of this vault; add it to spec.auth.applications.");
    }

    private static CallFailed unavailable(Exception e) {
        return new CallFailed(
                ErrorCode.ISSUER_UNAVAILABLE,
                "The keys of the cluster can't be fetched at the moment; try again soon.",
                e);
    }
}
