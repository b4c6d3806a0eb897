package dev.lunasec.tokenizer;

import dev.lunasec.settings.InvalidSettings;
import dev.lunasec.settings.TokenizerEnvironment;
import dev.lunasec.settings.TokenizerSettings;
import dev.lunasec.storage.Finding;
import dev.lunasec.storage.S3Connection;
import dev.lunasec.storage.StoreLocation;
import dev.lunasec.tokenizer.api.Listener;
import dev.lunasec.tokenizer.api.TokenizerServer;
import dev.lunasec.tokenizer.audit.AuditLog;
import dev.lunasec.tokenizer.auth.IssuersAndCluster;
import dev.lunasec.tokenizer.auth.ServiceAccountAuthenticator;
import dev.lunasec.tokenizer.grant.RedisGrants;
import dev.lunasec.tokenizer.ops.ManagementServer;
import dev.lunasec.tokenizer.ops.Parts;
import dev.lunasec.tokenizer.ops.SelfCheck;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.S3Markers;
import dev.lunasec.tokenizer.store.S3Objects;
import dev.lunasec.tokenizer.store.S3Records;
import dev.lunasec.tokenizer.tls.Renewed;
import dev.lunasec.tokenizer.tls.ServerCertificate;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.vault.Erasure;
import dev.lunasec.tokenizer.vault.Limits;
import dev.lunasec.tokenizer.vault.Vault;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** The composition root: settings, clients, stores, vault, routes, servers; a stop goes in reverse. */
public final class Tokenizer implements AutoCloseable {

    private final RedisGrants grants;
    private final S3Connection connection;
    private final SelfCheck selfCheck;
    private final TokenizerServer server;
    private final ManagementServer management;

    private Tokenizer(
            RedisGrants grants,
            S3Connection connection,
            SelfCheck selfCheck,
            TokenizerServer server,
            ManagementServer management) {
        this.grants = grants;
        this.connection = connection;
        this.selfCheck = selfCheck;
        this.server = server;
        this.management = management;
    }

    /**
     * Reads all settings and puts the parts together; the management port listens from here on.
     *
     * @throws InvalidSettings naming what is wrong, and what is allowed
     * @throws IOException when a file can't be read or a port is taken
     */
    public static Tokenizer create(TokenizerEnvironment environment) throws IOException {
        Mounted mounted = Mounted.read(environment.files());
        TokenizerSettings settings = mounted.settings();
        TokenizerSettings.Storage storage = settings.storage();
        Keyring keyring = mounted.keyring();
        StoreLocation forClients = new StoreLocation(
                storage.bucket(),
                storage.region(),
                storage.publicEndpoint() == null ? storage.endpoint() : storage.publicEndpoint(),
                storage.pathStyleAccess());

        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(metrics);
        bindGarbageCollection(metrics);
        RedisGrants grants =
                new RedisGrants(Mounted.text(environment.redisUrl()).strip(), Mounted.authority(environment.redisCA()));
        S3Connection connection = mounted.connect();
        SelfCheck selfCheck = new SelfCheck(grants, connection);
        Bucket bucket = Bucket.of(connection);
        S3Records records = new S3Records(bucket, keyring);
        S3Objects objects = new S3Objects(bucket, connection.signer(forClients), selfCheck::singleUseUploads);
        Clock clock = Clock.systemUTC();
        Vault vault = new Vault(
                keyring,
                records,
                objects,
                grants,
                new Limits(
                        storage.maximumObjectSize(),
                        storage.requireSize(),
                        storage.urlLifetime(),
                        settings.grants().defaultDuration(),
                        settings.grants().maximumDuration()),
                new Erasure(
                        keyring,
                        settings.vault(),
                        records,
                        new S3Markers(bucket),
                        objects,
                        grants,
                        settings.grants().maximumDuration(),
                        clock),
                clock);
        TokenizerServer server = new TokenizerServer(
                new Listener(
                        environment.address(),
                        environment.port(),
                        environment.tls() == null ? null : ServerCertificate.in(environment.tls(), Renewed.EVERY)),
                vault,
                new IssuersAndCluster(settings.issuers(), cluster(environment, settings)),
                new AuditLog(),
                metrics,
                TokenizerServer.AT_ONCE);
        ManagementServer management =
                new ManagementServer(environment.address(), environment.managementPort(), selfCheck::health, metrics);
        return new Tokenizer(grants, connection, selfCheck, server, management);
    }

    /**
     * Serves, unless the first look at the store finds what no waiting mends.
     *
     * @return that finding, null when all is well or may become so
     * @throws IOException when the port for callers is taken
     */
    public @Nullable Finding start() throws IOException, InterruptedException {
        selfCheck.start();
        Finding finding = selfCheck.firstFindingForGood();
        if (finding == null) {
            server.start();
            management.serving(true);
        }
        return finding;
    }

    /** The port for callers. */
    public int port() {
        return server.port();
    }

    /** The port for kubelets and monitoring. */
    public int managementPort() {
        return management.port();
    }

    @Override
    public void close() {
        management.serving(false);
        Parts.close(server, selfCheck, grants, connection, management);
    }

    @SuppressWarnings("resource") // as long as the process
    private static void bindGarbageCollection(PrometheusMeterRegistry metrics) {
        new JvmGcMetrics().bindTo(metrics);
    }

    private static @Nullable ServiceAccountAuthenticator cluster(
            TokenizerEnvironment environment, TokenizerSettings settings) {
        if (environment.cluster() != null) {
            return new ServiceAccountAuthenticator(environment.cluster(), settings.applications());
        }
        if (settings.applications().isEmpty()) return null;
        throw new InvalidSettings("TOKENIZER_CLUSTER_ACCOUNT is not set, and applications come with the tokens of the"
                + " cluster; set it to a folder with token and ca.crt.");
    }
}
