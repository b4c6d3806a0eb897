package dev.lunasec.operator.dependent.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.api.v1alpha1.Tokenizer;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The network policy lets pods connect to where the keys of issuers are, and to an external Redis. */
@Tag("pure")
class OutboundPortsTest {
    @Test
    void theHostsOfAnExternalRedisMayHaveSeveralPorts() {
        Tokenizer tokenizer = new KubernetesSerialization().unmarshal("""
                        apiVersion: lunasec.dev/v1alpha1
                        kind: Tokenizer
                        metadata: {name: vault, namespace: payments}
                        spec:
                          storage: {bucket: vault, endpoint: "https://s3:9000"}
                          grants: {redis: {external: {secretName: redis, key: url}}}
                          auth: {issuers: [], applications: []}
                        """, Tokenizer.class);
        assertThat(OutboundPorts.outside(tokenizer, Set.of(26379, 6379))).containsExactly(6379, 9000, 26379);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            "issuer: shop, jwksUrl: 'https://shop:8443/keys'", 8443
            "issuer: 'https://id.example.com:9443/realms/shop'", 9443
            "issuer: 'https://id.example.com', jwksUrl: 'https://keys.example.com:8443/keys'", 8443
            "issuer: 'http://id'", 80
            """)
    void theKeysOfAnIssuerAreAtJwksUrlOrAtThePortOfTheIssuer(String issuer, int port) {
        Tokenizer tokenizer = new KubernetesSerialization().unmarshal("""
                        apiVersion: lunasec.dev/v1alpha1
                        kind: Tokenizer
                        metadata: {name: vault, namespace: payments}
                        spec:
                          storage: {bucket: vault, endpoint: "https://s3:9000"}
                          grants: {redis: {}}
                          auth: {issuers: [{name: shop, %s}], applications: []}
                        """.formatted(issuer), Tokenizer.class);
        assertThat(OutboundPorts.outside(tokenizer, Set.of(6379))).containsExactlyInAnyOrder(9000, port);
    }
}
