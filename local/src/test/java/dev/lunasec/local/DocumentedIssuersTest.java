package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.controlplane.ControlPlane;
import dev.lunasec.controlplane.Crds;
import dev.lunasec.operator.dependent.tokenizer.SettingsMapper;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.auth.IssuerRouter;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The entries of docs/issuers.md, as a real API server stores them, with JWTs whose claims are those of the issuers.
 * Only the keys are the test's own, so jwksUrl is replaced.
 */
@Tag("api-server")
class DocumentedIssuersTest {
    /** What issuers other than the SDK write into the header. */
    private static final String HEADER = "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"lunasec-signing-key\"}";

    private static final Path DOCUMENTATION = Path.of("../docs/issuers.md");
    private static KubernetesClient client;
    private static JwtIssuer signer;

    @BeforeAll
    static void start() throws IOException {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(ControlPlane.shared().kubeconfigYaml()))
                .build();
        Crds.install(client, Files.newInputStream(Path.of("../helm/files/tokenizers.lunasec.dev-v1.yml")));
        signer = new JwtIssuer();
    }

    @AfterAll
    static void stop() {
        signer.close();
        client.close();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = ';', textBlock = """
            keycloak; keycloak-user; keycloak/user/5c9f2f0a-7a51-4c62-9f8e-1d1f6a3b8c11; \
                0b6f3f1e-2c47-4f4f-8d39-7a3f6a1f9d52
            keycloak; keycloak-application; keycloak/application/e7a4c1d8-3b2f-4e5a-9c6d-8f7e6d5c4b3a; ''
            auth0; auth0-user; auth0/user/auth0|6745a1b2c3d4e5f607182930; nG7tq0b1b4Zq3V9xkE5sT2wJ8rY6uPcL
            auth0; auth0-application; auth0/application/yQ8Zr1nVbC4tLw7mKd2pXs9hEj3uFg5a@clients; ''
            entra; entra-user; entra/user/b41d7c92-0e6a-4f35-97d8-2c5e8a1f6039; 002d4f6a-8c1e-4b35-a7d9-3f5b7d9e1c24
            entra; entra-application; entra/application/17f5d3b9-6a2c-4e80-b8d4-0c9e7a5f3162; ''
            """)
    void theEntryOfAnIssuerKnowsItsUsersAndItsApplications(String issuer, String jwt, String subject, String session)
            throws IOException {
        try (IssuerRouter router = router(issuer)) {
            Caller caller = router.authenticate(signer.sign(HEADER, claims(jwt)));
            assertThat(caller.kind()).isEqualTo(jwt.endsWith("user") ? Kind.USER : Kind.APPLICATION);
            assertThat(caller.subject()).isEqualTo(subject);
            assertThat(caller.session()).isEqualTo(session);
        }
    }

    @Test
    void theEntryOfTheSdkKnowsItsUsersAndItsApplications() throws IOException {
        try (IssuerRouter router = router("shop")) {
            Caller user = router.authenticate(signer.sign("{\"alg\":\"RS256\"}", claims("sdk-user")));
            assertThat(user.subject()).isEqualTo("shop/user");
            assertThat(user.session()).isEqualTo("session-1");
            Caller application = router.authenticate(signer.sign("{\"alg\":\"RS256\"}", claims("sdk-application")));
            assertThat(application.subject()).isEqualTo("shop/application");
        }
    }

    /** The service account of a back end and a user who logs in through it have the same azp. */
    @Test
    void aUserWhoLogsInThroughTheClientOfTheBackEndIsNoApplication() throws IOException {
        try (IssuerRouter router = router("keycloak")) {
            String claims = claims("keycloak-user").replace("\"azp\":\"shop-web\"", "\"azp\":\"shop-backend\"");
            assertThatThrownBy(() -> router.authenticate(signer.sign(HEADER, claims)))
                    .hasMessageContaining("meets no condition of claimMappings.kinds");
        }
    }

    @Test
    void anIdTokenOfKeycloakIsRefused() throws IOException {
        try (IssuerRouter router = router("keycloak")) {
            String claims = claims("keycloak-user").replace("\"typ\":\"Bearer\"", "\"typ\":\"ID\"");
            assertThatThrownBy(() -> router.authenticate(signer.sign(HEADER, claims)))
                    .hasMessageContaining("does not have the value of the claim typ");
        }
    }

    private static IssuerRouter router(String name) throws IOException {
        String entry = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOCUMENTATION))
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains("- name: " + name + "\n"))
                .findFirst()
                .orElseThrow();
        Issuer issuer = SettingsMapper.of(stored(name, entry)).issuers().getFirst();
        Issuer here = new Issuer(
                issuer.name(),
                issuer.issuer(),
                issuer.audience(),
                signer.jwksUrl(),
                issuer.trustedCA(),
                issuer.kinds(),
                issuer.actions(),
                issuer.claimValidationRules(),
                issuer.claimMappings(),
                issuer.loginUrl());
        return new IssuerRouter(List.of(here), null, null, Duration.ofMinutes(15));
    }

    private static Tokenizer stored(String name, String auth) {
        String yaml = """
                apiVersion: lunasec.dev/v1alpha1
                kind: Tokenizer
                metadata: {name: %s, namespace: default}
                spec:
                  storage: {bucket: payments-vault}
                """.formatted(name) + auth.indent(2);
        client.resource(client.getKubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class))
                .forceConflicts()
                .serverSideApply();
        return client.resources(Tokenizer.class)
                .inNamespace("default")
                .withName(name)
                .get();
    }

    private static String claims(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/jwt", name + ".json"));
    }
}
