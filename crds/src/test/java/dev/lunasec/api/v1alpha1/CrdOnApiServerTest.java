package dev.lunasec.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.controlplane.ControlPlane;
import dev.lunasec.controlplane.Crds;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The committed CRD on a real API server: which defaults it fills in, and what it rejects with which message. */
@Tag("api-server")
class CrdOnApiServerTest {
    private static final String BUCKET = "bucket: payments-vault";
    private static KubernetesClient client;

    @BeforeAll
    static void applyCrd() throws Exception {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(ControlPlane.shared().kubeconfigYaml()))
                .build();
        Crds.install(client, Files.newInputStream(CrdFile.PATH));
    }

    @AfterAll
    static void close() {
        client.close();
    }

    @Test
    void aBucketIsEnough() {
        String name = apply("{storage: {%s}}".formatted(BUCKET));
        TokenizerSpec spec = client.resources(Tokenizer.class)
                .inNamespace("default")
                .withName(name)
                .get()
                .getSpec();
        assertThat(spec)
                .isEqualTo(new TokenizerSpec(
                        2,
                        new StorageSpec(
                                "payments-vault",
                                "us-east-1",
                                null,
                                null,
                                false,
                                null,
                                null,
                                StorageSpec.Provisioning.CREATE,
                                StorageSpec.DeletionPolicy.RETAIN,
                                null,
                                new Quantity("5Gi"),
                                "60s",
                                false),
                        new GrantsSpec("15m", "1h", GrantsSpec.RecordCopies.DISABLED, new GrantsSpec.Redis(null, null)),
                        new KeysSpec(1, null, "168h", null, 100, 2, List.of(), List.of(), List.of()),
                        new AuthSpec(List.of(), List.of(), "15m", "1h", AuthSpec.SimpleApi.DISABLED),
                        new FrameSpec(null, List.of()),
                        null,
                        null,
                        new NetworkPolicySpec(NetworkPolicySpec.Mode.ENABLED, List.of(), List.of()),
                        new MonitoringSpec(null),
                        new PodsSpec(
                                null,
                                new PodsSpec.Resources(
                                        Map.of("cpu", new Quantity("100m"), "memory", new Quantity("384Mi")),
                                        Map.of("memory", new Quantity("512Mi"))),
                                Map.of(),
                                List.of(),
                                null)));
    }

    @Test
    void everyFieldCanBeWritten() {
        assertThatCode(() -> apply("""
                        replicas: 2
                        storage:
                          bucket: payments-vault
                          region: eu-central-1
                          endpoint: https://s3.internal
                          publicEndpoint: https://s3.example.com
                          pathStyleAccess: true
                          credentials: {secretName: s3-credentials}
                          trustedCA: {configMapName: internal-ca, key: ca.crt}
                          provisioning: Adopt
                          deletionPolicy: Delete
                          confirmDeletion: payments-vault
                          maximumObjectSize: 5368709120
                          urlLifetime: 1m30s
                          requireSize: true
                        grants:
                          defaultDuration: 15m
                          maximumDuration: 1h
                          recordCopies: Enabled
                          redis: {external: {secretName: redis, key: url, trustedCA: {configMapName: internal-ca}}}
                        keys:
                          rotation: 1
                          maximumAge: 2160h
                          gracePeriod: 720h
                          backupWindow: 720h
                          compromised: [3]
                          keep: [1]
                        auth:
                          issuers:
                          - name: shop
                            issuer: node-sdk
                            audience: secure-frame
                            jwksUrl: https://shop.example.com/.lunasec/jwks.json
                            trustedCA: {configMapName: internal-ca}
                            kinds: [User, Application]
                            actions: [Tokenize, Erase]
                            loginUrl: https://shop.example.com/.lunasec/secure-frame?a=b
                          - name: mall
                            issuer: mall-sdk
                            audience: secure-frame
                            jwksUrl: http://mall.example.com/.lunasec/jwks.json
                            allowInsecure: true
                            loginUrl: http://mall.example.com
                          - name: keycloak
                            issuer: https://id.example.com/realms/shop
                            audience: tokenizer
                            kinds: [User, Application]
                            claimValidationRules: [{claim: typ, requiredValue: Bearer}]
                            claimMappings:
                              subject: {claim: sub}
                              session: {claim: sid}
                              kinds:
                              - kind: Application
                                claim: realm_access.roles
                                requiredValue: tokenizer
                                actions: [Grant]
                              - {kind: User, claim: azp, requiredValue: shop-web}
                          outageTolerance: 1h
                          maximumServiceAccountTokenLifetime: 2h
                          simpleApi: Enabled
                          applications:
                          - serviceAccount: {namespace: shop, name: backend}
                            actions: [Tokenize, Erase]
                            issuer: shop
                          - serviceAccount: {namespace: shop, name: frontend}
                        frame:
                          origin: https://vault.example.com
                          allowedOrigins: [https://shop.example.com, "http://127.0.0.1:8080"]
                        tls: {secretName: vault-tls}
                        autoscaling: {minReplicas: 2, maxReplicas: 5, targetCPUUtilization: 60}
                        networkPolicy:
                          mode: Enabled
                          callers: [{namespace: ingress-nginx, podLabels: {app: ingress}}, {namespace: tools}]
                          scrapers: [{namespace: monitoring}]
                        monitoring: {serviceMonitor: {interval: 10s, labels: {release: prometheus}}}
                        pods:
                          serviceAccountName: vault
                          resources: {requests: {cpu: 1, memory: 1Gi}, limits: {memory: 1Gi}}
                          nodeSelector: {disk: fast}
                          tolerations: [{key: vaults, operator: Equal, value: "yes", effect: NoSchedule}]
                          priorityClassName: high
                        """)).doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {storage: {bucket: No_Capitals}}                            | Write a bucket name of 3 to 63
            {storage: {bucket: a..b}}                                   | Write a bucket name of 3 to 63
            {storage: {bucket: a-.b}}                                   | Write a bucket name of 3 to 63
            {storage: {BUCKET, endpoint: 'https://a..b'}} | Write a URL without a path, like https://s3.internal:9000.
            {storage: {BUCKET, endpoint: 'https://s3:99999'}} \
                | Write a URL without a path, like https://s3.internal:9000.
            {storage: {bucket: ab}}                                     | Write a bucket name of 3 to 63
            {storage: {BUCKET, region: 'a b'}}                          | Write the name of a region
            {storage: {BUCKET, endpoint: s3.internal}} | Write a URL without a path, like https://s3.internal:9000.
            {storage: {BUCKET, endpoint: 'https://u:p@s3.internal'}} \
                | Write a URL without a path, like https://s3.internal:9000.
            {storage: {BUCKET, publicEndpoint: 'https://s3/path'}} \
                | Write a URL without a path, like https://s3.example.com.
            {storage: {BUCKET, maximumObjectSize: 0}}                   | Write a number of bytes from 1 to 5Ti
            {storage: {BUCKET, maximumObjectSize: 6Ti}}                 | Write a number of bytes from 1 to 5Ti
            {storage: {BUCKET, maximumObjectSize: many}}                | Write a number of bytes from 1 to 5Ti
            {storage: {BUCKET, urlLifetime: '60'}}                      | Write a duration from 1s to 168h
            {storage: {BUCKET, urlLifetime: 169h}}                      | Write a duration from 1s to 168h
            {storage: {BUCKET, urlLifetime: 999ms}}                     | Write a duration from 1s to 168h
            {storage: {BUCKET, credentials: {secretName: ''}}} \
                | Write the name of a Secret in the same namespace, like s3-credentials.
            {storage: {BUCKET, trustedCA: {configMapName: 'A B'}}}      | Write the name of a ConfigMap
            {storage: {BUCKET, trustedCA: {configMapName: a, key: 'a/b'}}} | Write a key of that ConfigMap
            {storage: {BUCKET, provisioning: Steal}}                    | supported values: "Adopt", "Create", "Verify"
            {storage: {BUCKET, deletionPolicy: Maybe}}                  | supported values: "Delete", "Retain"
            {storage: {BUCKET}, replicas: -1}                           | greater than or equal to 0
            {storage: {BUCKET}, replicas: 101}                          | less than or equal to 100
            {storage: {BUCKET}, pods: {resources: {limits: {memory: 383Mi}}}} | Write a memory limit of at least 384Mi
            {storage: {BUCKET}, pods: {resources: {limits: {memory: 64}}}} | Write a memory limit of at least 384Mi
            {storage: {BUCKET}, grants: {defaultDuration: soon}}        | Write a duration from 1s to 720h, like 15m.
            {storage: {BUCKET}, grants: {maximumDuration: 721h}}        | Write a duration from 1s to 720h, like 1h.
            {storage: {BUCKET}, grants: {defaultDuration: 2h}} \
                | Write a defaultDuration that is not longer than maximumDuration.
            {storage: {BUCKET}, grants: {redis: {managed: {}, external: {secretName: redis}}}} \
                | Write either managed or external
            {storage: {BUCKET}, grants: {redis: {managed: {storage: 639Mi}}}} | Write a size from 640Mi to 1Ti
            {storage: {BUCKET}, grants: {redis: {managed: {memory: 127Mi}}}} | Write a size from 128Mi to 64Gi
            {storage: {BUCKET}, grants: {redis: {managed: {memory: 65Gi, storage: 1Ti}}}} \
                | Write a size from 128Mi to 64Gi
            {storage: {BUCKET}, grants: {redis: {managed: {memory: much}}}} | Write a size from 128Mi to 64Gi
            {storage: {BUCKET}, grants: {redis: {managed: {memory: 801Mi}}}} \
                | Write a memory of at most three quarters of the storage and 32Mi
            {storage: {BUCKET}, grants: {redis: {managed: {memory: 1Gi, storage: 1322Mi}}}} \
                | In a new vault, you can write more storage instead
            {storage: {BUCKET}, grants: {redis: {managed: {memory: 64Gi, storage: 87338Mi}}}} \
                | Write a memory of at most three quarters of the storage
            {storage: {BUCKET}, grants: {redis: {external: {secretName: 'A B'}}}} \
                | Write the name of a Secret in the same namespace, like redis.
            {storage: {BUCKET}, grants: {redis: {external: {secretName: a, key: '?'}}}} | Write a key of that Secret
            {storage: {BUCKET}, keys: {backupWindow: 169h}} | write a gracePeriod of at least the backupWindow
            {storage: {BUCKET}, keys: {backupWindow: soon}}             | Write a duration from 0s to 8760h, like 720h
            {storage: {BUCKET}, keys: {compromised: [0]}}               | Write numbers of shares in compromised
            {storage: {BUCKET}, keys: {compromised: [1], keep: [1]}}    | A compromised share can't be kept
            {storage: {BUCKET}, keys: {rewrapRate: 0}}                  | greater than or equal to 1
            {storage: {BUCKET}, keys: {rewrapWorkers: 17}}              | less than or equal to 16
            {storage: {BUCKET}, keys: {rotation: 0}}                    | greater than or equal to 1
            {storage: {BUCKET}, keys: {maximumAge: 1s}}                 | Write a duration from 1m to 87600h
            {storage: {BUCKET}, keys: {gracePeriod: 8761h}}             | Write a duration from 0s to 8760h
            {storage: {BUCKET}, auth: {issuers: [{ISSUER}, {ISSUER}]}}  | Two issuers have the same name
            {storage: {BUCKET}, auth: {issuers: [{ISSUER}, {ISSUER}]}}  | Two entries have the same issuer
            {storage: {BUCKET}, auth: {issuers: [{name: A, issuer: b, audience: c, jwksUrl: 'https://a'}]}} \
                | Write a name of lower-case letters
            {storage: {BUCKET}, auth: {issuers: [{name: a, issuer: '', audience: c, jwksUrl: 'https://a'}]}} \
                | Write the iss claim
            {storage: {BUCKET}, auth: {issuers: [{name: a, issuer: b, audience: c, jwksUrl: a}]}} \
                | Write the URL of the JWKS
            {storage: {BUCKET}, auth: {issuers: [{name: a, issuer: b, audience: c, jwksUrl: 'http://a'}]}} \
                | Write a URL that begins with https://
            {storage: {BUCKET}, auth: {issuers: [{name: a, issuer: b, audience: c}]}} \
                | the issuer is no URL that can have a discovery document
            {storage: {BUCKET}, auth: {issuers: [{name: a, issuer: 'https://b?c=d', audience: c}]}} \
                | the issuer is no URL that can have a discovery document
            {storage: {BUCKET}, auth: {issuers: [{name: a, issuer: 'http://b', audience: c}]}} \
                | the issuer does not begin with https://
            {storage: {BUCKET}, auth: {issuers: [{ISSUER, claimMappings: {session: {claim: ''}}}]}} \
                | Write the name of a claim
            {storage: {BUCKET}, auth: {issuers: [{ISSUER, claimMappings: {session: {claim: sub}}}]}} \
                | all users would have one session
            {storage: {BUCKET}, auth: {issuers: [{ISSUER, claimMappings: {kinds: [\
                    {kind: User, claim: a, requiredValue: ''}]}}]}} \
                | Write a claim and the value
            {storage: {BUCKET}, auth: {issuers: [{ISSUER, claimMappings: {kinds: [\
                    {kind: Developer, claim: a, requiredValue: b}]}}]}} \
                | has a kind that is not in kinds
            {storage: {BUCKET}, auth: {issuers: [{ISSUER, claimMappings: {kinds: [\
                    {kind: User, claim: a, requiredValue: b, actions: [Erase]}]}}]}} \
                | has an action that is not in actions
            {storage: {BUCKET}, auth: {issuers: [{ISSUER, claimMappings: {kinds: [\
                    {kind: User, claim: a, requiredValue: b, actions: []}]}}]}} \
                | Write each action once
            {storage: {BUCKET}, auth: {issuers: [{ISSUER, claimValidationRules: [{claim: '', requiredValue: b}]}]}} \
                | Write a claim and the value
            {storage: {BUCKET}, auth: {issuers: [{ISSUER, kinds: []}]}} | Write each kind once
            {storage: {BUCKET}, auth: {issuers: [{ISSUER, kinds: [Admin]}]}} | supported values: "Application"
            {storage: {BUCKET}, auth: {issuers: [{ISSUER, actions: [Erase, Erase]}]}} | Write each action once
            {storage: {BUCKET}, auth: {applications: [{serviceAccount: {namespace: 'A', name: b}}]}} \
                | Write the namespace and the name of a ServiceAccount
            {storage: {BUCKET}, auth: {applications: [{APPLICATION}, {APPLICATION}]}} \
                | Two entries have the same ServiceAccount
            {storage: {BUCKET}, auth: {applications: [{APPLICATION, actions: []}]}} | Write each action once
            {storage: {BUCKET}, auth: {applications: [{APPLICATION, actions: [Steal]}]}} \
                | supported values: "Detokenize"
            {storage: {BUCKET}, auth: {applications: [{APPLICATION, issuer: shop}]}} \
                | An application names an issuer that is not in auth.issuers
            {storage: {BUCKET}, auth: {simpleApi: Sometimes}}           | supported values: "Disabled", "Enabled"
            {storage: {BUCKET}, grants: {recordCopies: Sometimes}}      | supported values: "Disabled", "Enabled"
            {storage: {BUCKET, confirmDeletion: another}} | Write the name of the bucket that may be deleted
            {storage: {BUCKET}, tls: {secretName: 'A B'}} | Write the name of a Secret of type kubernetes.io/tls
            {storage: {BUCKET}, autoscaling: {maxReplicas: 1}} | Write a minReplicas that is at most maxReplicas.
            {storage: {BUCKET}, networkPolicy: {mode: Sometimes}}       | supported values: "Disabled", "Enabled"
            {storage: {BUCKET}, networkPolicy: {callers: [{namespace: 'A'}]}} | Write the name of a namespace
            {storage: {BUCKET}, networkPolicy: {scrapers: [{namespace: 'A'}]}} | Write the name of a namespace
            {storage: {BUCKET}, monitoring: {serviceMonitor: {}}}       | Name the pods of Prometheus
            {storage: {BUCKET}, monitoring: {serviceMonitor: {interval: often}}} | Write an interval like 30s.
            {storage: {BUCKET}, pods: {serviceAccountName: 'A B'}}      | Write the name of a ServiceAccount
            {storage: {BUCKET}, frame: {origin: 'https://vault.example.com/frame'}} | Write an origin without a path
            {storage: {BUCKET}, frame: {allowedOrigins: ['https://shop.example.com/']}} | Write origins without a path
            {storage: {BUCKET}, frame: {allowedOrigins: ['*']}}         | Write origins without a path
            {storage: {BUCKET}, frame: {origin: 'https://v'}, auth: {issuers: [{ISSUER, loginUrl: 'javascript:1'}]}} \
                | Write the URL of the login
            {storage: {BUCKET}, frame: {origin: 'https://v'}, auth: {issuers: [{ISSUER, loginUrl: 'http://shop'}]}} \
                | Write the URL of the login
            {storage: {BUCKET}, auth: {issuers: [{ISSUER, loginUrl: 'https://shop'}]}} | An issuer has a loginUrl
            {replicas: 1}                                               | spec.storage: Required value
            """)
    void whatIsWrongIsRefusedWithASentence(String spec, String sentence) {
        String yaml = spec.replace("BUCKET", BUCKET)
                .replace("ISSUER", "name: shop, issuer: sdk, audience: frame, jwksUrl: 'https://shop'")
                .replace("APPLICATION", "serviceAccount: {namespace: shop, name: backend}");
        assertThatThrownBy(() -> apply(yaml))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest(name = "from {0} to {1}")
    @CsvSource(delimiter = '|', textBlock = """
            {storage: {BUCKET}} | {storage: {bucket: another}} | A vault never changes its bucket
            {storage: {BUCKET}, keys: {rotation: 2}} | {storage: {BUCKET}, keys: {rotation: 1}} \
                | keys.rotation cannot be lowered
            {storage: {BUCKET}, keys: {rotation: 2}} | {storage: {BUCKET}, keys: null} | keys.rotation cannot be lowered
            {storage: {BUCKET}} | {storage: {BUCKET}, grants: {redis: {managed: {storage: 2Gi}}}} \
                | never changes its size
            {storage: {BUCKET}} | {storage: {BUCKET}, grants: {redis: {managed: {memory: 1Gi}}}} \
                | Write a memory of at most three quarters
            """)
    void whatMayNotChangeIsRefusedWithASentence(String before, String after, String sentence) {
        String name = "vault-" + UUID.randomUUID().toString().substring(0, 8);
        apply(name, before.replace("BUCKET", BUCKET));
        assertThatThrownBy(() -> apply(name, after.replace("BUCKET", BUCKET)))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "memory: 800Mi",
                "memory: 128Mi",
                "memory: 536870912",
                "memory: 0.5Gi",
                "memory: 1Gi, storage: 1323Mi",
                "memory: 64Gi, storage: 87339Mi",
                "storage: 640Mi"
            })
    void theManagedRedisHasAsMuchMemoryAsItsVolumeAllows(String managed) {
        assertThatCode(() -> apply("{storage: {%s}, grants: {redis: {managed: {%s}}}}".formatted(BUCKET, managed)))
                .doesNotThrowAnyException();
    }

    @Test
    void theMemoryOfTheManagedRedisCanBeRaisedAndLowered() {
        String spec = "{storage: {%s}, grants: {redis: {managed: {memory: %s}}}}";
        String name = apply("{storage: {%s}}".formatted(BUCKET));
        assertThatCode(() -> {
                    apply(name, spec.formatted(BUCKET, "800Mi"));
                    apply(name, spec.formatted(BUCKET, "128Mi"));
                })
                .doesNotThrowAnyException();
    }

    @Test
    void managedRedisGivesWayToAnExternalOne() {
        String name = apply("{storage: {%s}, grants: {redis: {managed: {}}}}".formatted(BUCKET));
        assertThatCode(() -> apply(
                        name, "{storage: {%s}, grants: {redis: {external: {secretName: redis}}}}".formatted(BUCKET)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"9vault", "a.b", "a-name-that-is-so-long-that-no-label-holds-it"})
    void aNameThatNoServiceCanHaveIsRefused(String name) {
        assertThatThrownBy(() -> apply(name, "{storage: {%s}}".formatted(BUCKET)))
                .hasMessageContaining("Write a name of at most 40 lower-case letters");
    }

    @Test
    void noSchemaHasARuleTwice() throws Exception {
        var crd = client.getKubernetesSerialization()
                .unmarshal(
                        Files.readString(CrdFile.PATH),
                        io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition.class);
        check("", crd.getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema());
    }

    private static void check(String path, io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps schema) {
        assertThat(schema.getXKubernetesValidations())
                .as("rules of %s", path)
                .extracting(rule -> rule.getRule())
                .doesNotHaveDuplicates();
        schema.getProperties().forEach((name, property) -> {
            check(path + "." + name, property);
            if (property.getItems() != null) {
                check(path + "." + name + "[]", property.getItems().getSchema());
            }
        });
    }

    private static String apply(String spec) {
        String name = "vault-" + UUID.randomUUID().toString().substring(0, 8);
        apply(name, spec);
        return name;
    }

    private static void apply(String name, String spec) {
        String yaml = """
                apiVersion: lunasec.dev/v1alpha1
                kind: Tokenizer
                metadata: {name: %s, namespace: default}
                spec:
                """.formatted(name) + spec.indent(2);
        client.resource(client.getKubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class))
                .forceConflicts()
                .serverSideApply();
    }
}
