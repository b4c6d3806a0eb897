package dev.lunasec.operator.observe;

import dev.lunasec.api.v1alpha1.AuthSpec;
import dev.lunasec.api.v1alpha1.IssuerSpec;
import dev.lunasec.api.v1alpha1.NetworkPolicySpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerSpec;
import dev.lunasec.operator.model.VaultObservation;
import dev.lunasec.operator.status.Conditions;
import dev.lunasec.operator.status.Links;
import dev.lunasec.operator.status.Verdict;
import org.jspecify.annotations.Nullable;

/** Reads from the resource which connections of a vault are encrypted, and whether its callers have credentials. */
public final class LinkObserver {
    private LinkObserver() {}

    /**
     * The connections of a vault.
     *
     * @param redis what was observed of Redis, whose URL is in a Secret
     */
    public static Links links(Tokenizer tokenizer, VaultObservation.Redis redis) {
        TokenizerSpec spec = tokenizer.getSpec();
        return new Links(
                spec.tls() != null,
                redis.encrypted(),
                spec.grants().redis().external() == null,
                encrypted(spec.storage().endpoint()),
                encrypted(spec.storage().publicEndpoint()),
                spec.auth().issuers().stream()
                        .filter(issuer -> !encrypted(issuer.keysUrl()))
                        .map(IssuerSpec::name)
                        .toList());
    }

    /** Whether every caller of a vault needs credentials. */
    public static Verdict callers(Tokenizer tokenizer) {
        TokenizerSpec spec = tokenizer.getSpec();
        return Conditions.callers(
                spec.auth().simpleApi() == AuthSpec.SimpleApi.ENABLED,
                spec.networkPolicy().mode() == NetworkPolicySpec.Mode.ENABLED);
    }

    /** An endpoint that the resource does not name is the one of AWS, or the other endpoint. */
    private static boolean encrypted(@Nullable String url) {
        return url == null || url.startsWith("https://");
    }
}
