package dev.lunasec.operator.dependent.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lunasec.api.v1alpha1.AuthSpec;
import dev.lunasec.api.v1alpha1.IssuerSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.TokenizerSettings;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Arrays;
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
        assertThatThrownBy(() -> SettingsMapper.of(vault(false)))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("does not begin with https://");
        TokenizerSettings settings = SettingsMapper.of(vault(true));
        assertThat(settings.issuers().get(0).jwksUrl()).hasToString("http://shop/jwks.json");
        assertThat(settings.applications().get(0).issuer()).isEqualTo("node-sdk");
    }

    private static Tokenizer vault(boolean allowInsecure) {
        return new KubernetesSerialization().unmarshal("""
                        apiVersion: lunasec.dev/v1alpha1
                        kind: Tokenizer
                        metadata: {name: vault, namespace: payments}
                        spec:
                          storage: {bucket: vault, region: eu-central-1, maximumObjectSize: 5Gi, urlLifetime: 60s}
                          grants: {defaultDuration: 15m, maximumDuration: 1h, redis: {}}
                          auth:
                            outageTolerance: 15m
                            maximumServiceAccountTokenLifetime: 1h
                            issuers:
                            - name: shop
                              issuer: node-sdk
                              audience: secure-frame
                              jwksUrl: http://shop/jwks.json
                              allowInsecure: %s
                              kinds: [User]
                              actions: [Tokenize]
                            applications:
                            - {serviceAccount: {namespace: shop, name: backend}, actions: [Grant], issuer: shop}
                        """.formatted(allowInsecure), Tokenizer.class);
    }

    @Test
    void theKindsOfTheResourceAreThoseOfTheTokenizer() {
        assertThat(Arrays.stream(IssuerSpec.Kind.values()).map(Enum::name))
                .containsExactlyElementsOf(
                        Arrays.stream(Issuer.Kind.values()).map(Enum::name).toList());
    }
}
