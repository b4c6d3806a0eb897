package dev.lunasec.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("pure")
class TokenizerSettingsTest {
    private static final TokenizerSettings COMPLETE = new TokenizerSettings(
            new TokenizerSettings.VaultName("payments", "vault"),
            new TokenizerSettings.Storage(
                    "payments-vault",
                    "eu-central-1",
                    URI.create("https://s3.internal"),
                    URI.create("https://s3.example.com"),
                    true,
                    5L << 30,
                    Duration.ofSeconds(60),
                    false),
            new TokenizerSettings.Grants(Duration.ofMinutes(15), Duration.ofHours(1), true),
            new TokenizerSettings.Auth(Duration.ofMinutes(20), Duration.ofHours(2), true),
            List.of(
                    new Issuer(
                            "shop",
                            "node-sdk",
                            "secure-frame",
                            URI.create("https://shop.example.com/.lunasec/jwks.json"),
                            true,
                            Set.of(Kind.USER),
                            Set.of(Action.DETOKENIZE),
                            List.of(),
                            ClaimMappings.ORIGINAL,
                            URI.create("https://shop.example.com/.lunasec/secure-frame")),
                    IssuerTest.MAPPED),
            List.of(new TokenizerSettings.Application(
                    "shop", "backend", Set.of(Action.GRANT, Action.TOKENIZE), "node-sdk")),
            new Frame("https://vault.example.com", List.of("https://shop.example.com")));

    @Test
    void theSettingsOfTheExampleOfBindAreValid() throws IOException {
        String yaml = Files.readString(Path.of("../examples/bind.yaml"));
        String json =
                yaml.substring(yaml.indexOf("settings.json: |") + "settings.json: |".length(), yaml.indexOf("---"));
        assertThat(TokenizerSettings.parse(json).storage().bucket()).isEqualTo("payments-vault");
    }

    @Test
    void whatTheOperatorWritesTheTokenizerReads() {
        assertThat(TokenizerSettings.parse(COMPLETE.toJson())).isEqualTo(COMPLETE);
    }

    @Test
    void settingsWithoutMappingsHaveTheClaimsOfTheOriginal() {
        String json = COMPLETE.toJson();
        String without = json.replaceAll(
                ",\\s*\"claimValidationRules\" : \\[ \\],\\s*\"claimMappings\" : \\{\\s*\"session\"[^}]*\\}", "");
        assertThat(without).isNotEqualTo(json);
        assertThat(TokenizerSettings.parse(without)).isEqualTo(COMPLETE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"15m\" | \"2h\" | grants.defaultDuration is 2h; write a duration from 1s to 1h.",
                "\"15m\" | \"soon\" | grants.defaultDuration cannot be read: \"soon\" is not a duration;"
                        + " write one like 30m or 1h20m10s.",
                "\"2h\" | \"9m\" | auth.maximumServiceAccountTokenLifetime is 9m; write a duration from 10m to 24h.",
                "\"20m\" | \"4m\" | auth.outageTolerance is 4m; write a duration from 5m to 24h.",
                "\"payments-vault\" | \"\" | storage.bucket is missing; write a text.",
                "5368709120 | 0 | storage.maximumObjectSize is 0;"
                        + " write a number of bytes from 1 to 5497558138880 (5Ti).",
                "\"1m\" | \"8000h\" | storage.urlLifetime is 8000h; write a duration from 1s to 168h.",
                "https://s3.internal | ftp://s3.internal | storage.endpoint is not an address;"
                        + " write http:// or https:// and a host, without a user name.",
                "\"backend\" | \"\" | applications[].name is missing; write a text.",
                "[ \"USER\" ] | [ ] | issuers[].kinds is empty; write at least one of [USER, APPLICATION, DEVELOPER].",
                "\"GRANT\" | \"STEAL\" | applications[0].actions[1] cannot be read:",
                "\"https://vault.example.com\" | null | issuers[].loginUrl of shop is set, but frame.origin is missing;"
                        + " write the origin at which browsers reach the tokenizer.",
                "https://vault.example.com | https://vault.example.com/"
                        + " | frame.origin is not an origin; write http:// or https:// and a host, without a path.",
                "[ \"https://shop.example.com\" ] | [ \"*\" ] | frame.allowedOrigins is not an address;"
                        + " write http:// or https:// and a host, without a user name.",
                "https://shop.example.com/.lunasec/secure-frame | javascript:alert(1)"
                        + " | issuers[].loginUrl is not an address;"
                        + " write http:// or https:// and a host, without a user name.",
                "\"node-sdk\" | null | issuers[].issuer is missing; write a text.",
                "\"pathStyleAccess\" | \"pathStyle\" : 1, \"pathStyleAccess\""
                        + " | storage.pathStyle cannot be read: Unrecognized field \"pathStyle\"",
            })
    void aWrongValueIsNamedWithWhatIsAllowed(String right, String wrong, String sentence) {
        String json = COMPLETE.toJson();
        assertThat(json).contains(right);
        assertThatThrownBy(() -> TokenizerSettings.parse(json.replace(right, wrong)))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageStartingWith(sentence);
    }

    @Test
    void anApplicationNamesAnIssuerOfTheVault() {
        assertThatThrownBy(() -> new TokenizerSettings(
                        COMPLETE.vault(),
                        COMPLETE.storage(),
                        COMPLETE.grants(),
                        COMPLETE.auth(),
                        COMPLETE.issuers(),
                        List.of(new TokenizerSettings.Application("shop", "backend", Set.of(Action.GRANT), "mall")),
                        COMPLETE.frame()))
                .hasMessage("applications[].issuer is mall, which is not the issuer of an entry of issuers; write the"
                        + " iss claim of one of them.");
    }

    @Test
    void originsAreWrittenAsBrowsersWriteThem() {
        Frame frame = new Frame("https://Vault.Example.com:443", List.of("http://shop:80", "http://localhost:8080"));
        assertThat(frame.origin()).isEqualTo("https://vault.example.com");
        assertThat(frame.allowedOrigins()).containsExactly("http://shop", "http://localhost:8080");
    }

    @Test
    void theAudienceOfAVaultNamesThisVaultAlone() {
        assertThat(COMPLETE.vault().audience()).isEqualTo("tokenizer/payments/vault");
    }

    @Test
    void twoIssuersOfOneNameAreRefused() {
        Issuer issuer = COMPLETE.issuers().get(0);
        assertThatThrownBy(() -> new TokenizerSettings(
                        COMPLETE.vault(),
                        COMPLETE.storage(),
                        COMPLETE.grants(),
                        COMPLETE.auth(),
                        List.of(issuer, issuer),
                        List.of(),
                        COMPLETE.frame()))
                .hasMessageContaining("two entries with the name shop");
    }

    @Test
    void twoEntriesForOneServiceAccountAreRefused() {
        TokenizerSettings.Application pods = COMPLETE.applications().get(0);
        assertThatThrownBy(() -> new TokenizerSettings(
                        COMPLETE.vault(),
                        COMPLETE.storage(),
                        COMPLETE.grants(),
                        COMPLETE.auth(),
                        COMPLETE.issuers(),
                        List.of(pods, pods),
                        COMPLETE.frame()))
                .hasMessageContaining("two entries for the ServiceAccount shop/backend");
    }

    @Test
    void theClusterIsWhereKubernetesSaysThatItIs() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "TOKENIZER_SETTINGS", "/a",
                "TOKENIZER_KEYRING", "/b",
                "TOKENIZER_REDIS_URL", "/c",
                "TOKENIZER_CLUSTER_ACCOUNT", "/d"));
        assertThatThrownBy(() -> TokenizerEnvironment.from(environment))
                .hasMessage("KUBERNETES_SERVICE_HOST is not set; run this in a pod.");
        environment.putAll(Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "6443"));
        assertThat(TokenizerEnvironment.from(environment).cluster())
                .isEqualTo(new TokenizerEnvironment.Cluster(URI.create("https://[fd00::1]:6443"), Path.of("/d")));
    }

    @Test
    void theEnvironmentNamesWhatIsMissing() {
        assertThatThrownBy(() -> TokenizerEnvironment.from(Map.of("TOKENIZER_SETTINGS", "/a")))
                .hasMessage("TOKENIZER_KEYRING is not set; set it to a path.");
    }

    @Test
    void aPortOutOfRangeIsRefused() {
        Map<String, String> environment = Map.of(
                "TOKENIZER_SETTINGS",
                "/a",
                "TOKENIZER_KEYRING",
                "/b",
                "TOKENIZER_REDIS_URL",
                "/c",
                "TOKENIZER_PORT",
                "65536");
        assertThatThrownBy(() -> TokenizerEnvironment.from(environment))
                .hasMessage("TOKENIZER_PORT is 65536; set it to a port from 0 (any free one) to 65535.");
    }
}
