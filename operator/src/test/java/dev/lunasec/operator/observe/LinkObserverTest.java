package dev.lunasec.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.model.VaultObservation;
import dev.lunasec.operator.status.Verdict;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each connection of a resource that is in clear text is found. */
@Tag("pure")
class LinkObserverTest {
    @Test
    void eachConnectionOfAResourceInClearTextIsNamed() {
        Verdict verdict = verdict(vault("http", ""), false);
        assertThat(verdict.truth()).isEqualTo(Verdict.Truth.False);
        assertThat(verdict.message())
                .contains("Callers reach the tokenizer")
                .contains("reaches the managed Redis")
                .contains("The store is reached")
                .contains("Clients reach the store")
                .contains("The keys of the issuer shop");
    }

    @Test
    void aResourceWithTlsEverywhereHasNoneInClearText() {
        Verdict verdict = verdict(vault("https", "tls: {secretName: tls}"), true);
        assertThat(verdict.truth()).isEqualTo(Verdict.Truth.True);
    }

    @Test
    void keysThatADiscoveryDocumentNamesAreFetchedAsTheIssuerIs() {
        assertThat(verdict(vault("https", "", "issuer: 'http://shop'"), true).message())
                .contains("The keys of the issuer shop");
        assertThat(verdict(vault("https", "", "issuer: 'https://shop'"), true).message())
                .doesNotContain("The keys of");
    }

    @Test
    void theSimpleApiMeansThatNotEveryCallerHasCredentials() {
        String policy = "networkPolicy: {mode: Disabled}";
        assertThat(LinkObserver.callers(simple("Disabled", policy)).holds()).isTrue();
        Verdict open = LinkObserver.callers(simple("Enabled", policy));
        assertThat(open.holds()).isFalse();
        assertThat(open.message()).contains("no NetworkPolicy");
        assertThat(LinkObserver.callers(simple("Enabled", "networkPolicy: {mode: Enabled}"))
                        .message())
                .doesNotContain("no NetworkPolicy");
    }

    private static Tokenizer simple(String simpleApi, String policy) {
        return new KubernetesSerialization().unmarshal("""
                        apiVersion: lunasec.dev/v1alpha1
                        kind: Tokenizer
                        metadata: {name: vault, namespace: payments}
                        spec:
                          auth: {simpleApi: %s}
                          %s
                        """.formatted(simpleApi, policy), Tokenizer.class);
    }

    private static Verdict verdict(Tokenizer tokenizer, boolean redisEncrypted) {
        return LinkObserver.links(
                        tokenizer,
                        new VaultObservation.Redis(
                                Verdict.yes("Usable", "Redis is usable."), new TreeSet<>(), redisEncrypted))
                .verdict();
    }

    private static Tokenizer vault(String scheme, String tls) {
        return vault(scheme, tls, "issuer: shop, jwksUrl: '" + scheme + "://shop/jwks.json'");
    }

    private static Tokenizer vault(String scheme, String tls, String issuer) {
        return new KubernetesSerialization().unmarshal("""
                        apiVersion: lunasec.dev/v1alpha1
                        kind: Tokenizer
                        metadata: {name: vault, namespace: payments}
                        spec:
                          storage:
                            {endpoint: "%1$s://store:9000", publicEndpoint: "%1$s://store.example.com"}
                          grants: {redis: {}}
                          auth:
                            issuers: [{name: shop, audience: a, %3$s}]
                          %2$s
                        """.formatted(scheme, tls, issuer), Tokenizer.class);
    }
}
