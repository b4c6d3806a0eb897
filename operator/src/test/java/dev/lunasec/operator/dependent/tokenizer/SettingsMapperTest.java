package dev.lunasec.operator.dependent.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lunasec.api.v1alpha1.AuthSpec;
import dev.lunasec.api.v1alpha1.IssuerSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.ClaimMappings;
import dev.lunasec.contract.ClaimMappings.KindMapping;
import dev.lunasec.contract.Frame;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.TokenizerSettings;
import dev.lunasec.contract.TokenizerSettings.Action;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class SettingsMapperTest {
    /** The resource's API depends on no other module, so it has the actions once more. */
    @Test
    void theActionsOfTheResourceAreThoseOfTheTokenizer() {
        ObjectMapper json = new ObjectMapper();
        assertThat(Arrays.stream(AuthSpec.Action.values())
                        .collect(Collectors.toMap(Enum::name, action -> json.convertValue(action, String.class))))
                .isEqualTo(Arrays.stream(TokenizerSettings.Action.values())
                        .collect(Collectors.toMap(Enum::name, TokenizerSettings.Action::label)));
    }

    /** The API server does not check a stored resource again when it gets a stricter rule. */
    @Test
    void keysAreFetchedWithoutTlsOnlyIfTheResourceAllowsIt() {
        String jwksUrl = "jwksUrl: 'http://shop/jwks.json'";
        for (String issuer : List.of("issuer: node-sdk, " + jwksUrl, "issuer: 'http://shop'")) {
            assertThatThrownBy(() -> SettingsMapper.of(vault(issuer + ", allowInsecure: false")))
                    .isInstanceOf(InvalidSettings.class)
                    .hasMessageContaining("does not begin with https://");
            assertThat(SettingsMapper.of(vault(issuer + ", allowInsecure: true"))
                            .issuers())
                    .hasSize(1);
        }
        TokenizerSettings settings = SettingsMapper.of(vault("issuer: node-sdk, allowInsecure: true, " + jwksUrl));
        assertThat(settings.issuers().get(0).jwksUrl()).hasToString("http://shop/jwks.json");
        assertThat(settings.applications().get(0).issuer()).isEqualTo("node-sdk");
    }

    @Test
    void withoutMappingsTheClaimsAreThoseOfTheOriginal() {
        assertThat(issuer("issuer: 'https://shop'").claimMappings()).isEqualTo(ClaimMappings.ORIGINAL);
    }

    @Test
    void mappedCallersHaveTheActionsOfTheIssuerUnlessTheirEntryNamesSome() {
        Issuer issuer = issuer("issuer: 'https://shop', claimMappings: {session: {claim: sid}, kinds: ["
                + "{kind: User, claim: azp, requiredValue: web},"
                + " {kind: User, claim: azp, requiredValue: app, actions: [Detokenize]}]}");
        assertThat(issuer.jwksUrl()).isNull();
        assertThat(issuer.claimMappings())
                .isEqualTo(new ClaimMappings(
                        "sub",
                        "sid",
                        List.of(
                                new KindMapping(
                                        Issuer.Kind.USER, "azp", "web", Set.of(Action.TOKENIZE, Action.DETOKENIZE)),
                                new KindMapping(Issuer.Kind.USER, "azp", "app", Set.of(Action.DETOKENIZE)))));
    }

    @Test
    void theSimpleApiIsOffUnlessTheResourceEnablesIt() {
        String issuer = "issuer: 'https://shop', allowInsecure: false";
        assertThat(SettingsMapper.of(vault(issuer)).auth().simpleApi()).isFalse();
        assertThat(SettingsMapper.of(vault(issuer, "simpleApi: Enabled")).auth().simpleApi())
                .isTrue();
        assertThat(SettingsMapper.of(vault(issuer, "simpleApi: Disabled"))
                        .auth()
                        .simpleApi())
                .isFalse();
    }

    @Test
    void redisKeepsNoCopiesOfRecordsUnlessTheResourceEnablesThem() {
        String issuer = "issuer: 'https://shop', allowInsecure: false";
        assertThat(SettingsMapper.of(vault(issuer)).grants().recordCopies()).isFalse();
        assertThat(SettingsMapper.of(vault(issuer, "", "recordCopies: Enabled,"))
                        .grants()
                        .recordCopies())
                .isTrue();
        assertThat(SettingsMapper.of(vault(issuer, "", "recordCopies: Disabled,"))
                        .grants()
                        .recordCopies())
                .isFalse();
    }

    @Test
    void theTokenizerGetsTheLoginOfAnIssuerAndTheOriginsOfBrowsers() {
        TokenizerSettings settings = SettingsMapper.of(
                vault("issuer: 'https://shop', allowInsecure: false, loginUrl: 'https://shop.example.com/login'"));
        assertThat(settings.issuers().get(0).loginUrl()).hasToString("https://shop.example.com/login");
        assertThat(settings.frame())
                .isEqualTo(new Frame("https://vault.example.com", List.of("https://shop.example.com")));
    }

    private static Issuer issuer(String fields) {
        return SettingsMapper.of(vault(fields + ", allowInsecure: false"))
                .issuers()
                .get(0);
    }

    private static Tokenizer vault(String issuer) {
        return vault(issuer, "");
    }

    private static Tokenizer vault(String issuer, String auth) {
        return vault(issuer, auth, "");
    }

    private static Tokenizer vault(String issuer, String auth, String grants) {
        return new KubernetesSerialization().unmarshal("""
                        apiVersion: lunasec.dev/v1alpha1
                        kind: Tokenizer
                        metadata: {name: vault, namespace: payments}
                        spec:
                          storage: {bucket: vault, region: eu-central-1, maximumObjectSize: 5Gi, urlLifetime: 60s}
                          grants: {defaultDuration: 15m, maximumDuration: 1h, %s redis: {}}
                          auth:
                            %s
                            outageTolerance: 15m
                            maximumServiceAccountTokenLifetime: 1h
                            issuers:
                            - {name: shop, %s, audience: secure-frame, kinds: [User],
                                actions: [Tokenize, Detokenize], claimValidationRules: []}
                            applications:
                            - {serviceAccount: {namespace: shop, name: backend}, actions: [Grant], issuer: shop}
                          frame: {origin: 'https://vault.example.com', allowedOrigins: ['https://shop.example.com']}
                        """.formatted(grants, auth, issuer), Tokenizer.class);
    }

    @Test
    void theKindsOfTheResourceAreThoseOfTheTokenizer() {
        assertThat(Arrays.stream(IssuerSpec.Kind.values()).map(Enum::name))
                .containsExactlyElementsOf(
                        Arrays.stream(Issuer.Kind.values()).map(Enum::name).toList());
    }
}
