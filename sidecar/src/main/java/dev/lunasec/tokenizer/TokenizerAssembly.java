package dev.lunasec.tokenizer;

import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.TokenizerEnvironment;
import dev.lunasec.contract.TokenizerSettings;
import dev.lunasec.frame.FrameFiles;
import dev.lunasec.runtime.ManagementServer;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreStatus;
import dev.lunasec.tokenizer.api.TokenizerServer;
import dev.lunasec.tokenizer.audit.AuditLog;
import dev.lunasec.tokenizer.auth.FrameTokens;
import dev.lunasec.tokenizer.auth.IssuerRouter;
import dev.lunasec.tokenizer.auth.ServiceAccountAuthenticator;
import dev.lunasec.tokenizer.frame.FramePage;
import dev.lunasec.tokenizer.grant.RedisGrants;
import dev.lunasec.tokenizer.http.Listener;
import dev.lunasec.tokenizer.http.ServerCertificate;
import dev.lunasec.tokenizer.ops.Closing;
import dev.lunasec.tokenizer.ops.Intervals;
import dev.lunasec.tokenizer.ops.ReadinessAnswer;
import dev.lunasec.tokenizer.ops.SelfCheck;
import dev.lunasec.tokenizer.session.FrameSessions;
import dev.lunasec.tokenizer.session.Logins;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.BucketIdentity;
import dev.lunasec.tokenizer.store.S3DataObjects;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.store.S3Records;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.vault.Erasure;
import dev.lunasec.tokenizer.vault.Limits;
import dev.lunasec.tokenizer.vault.RecordCopies;
import dev.lunasec.tokenizer.vault.Vault;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** The composition root: settings, clients, stores, vault, routes, servers; a stop closes them in reverse order. */
public final class TokenizerAssembly implements AutoCloseable {
    private final RedisGrants grants;
    private final RecordCopies copies;
    private final S3Connection connection;
    private final SelfCheck selfCheck;
    private final IssuerRouter issuers;
    private final TokenizerServer server;
    private final ReadinessAnswer readiness;
    private final ManagementServer management;

    private TokenizerAssembly(
            RedisGrants grants,
            RecordCopies copies,
            S3Connection connection,
            SelfCheck selfCheck,
            IssuerRouter issuers,
            TokenizerServer server,
            ReadinessAnswer readiness,
            ManagementServer management) {
        this.grants = grants;
        this.copies = copies;
        this.connection = connection;
        this.selfCheck = selfCheck;
        this.issuers = issuers;
        this.server = server;
        this.readiness = readiness;
        this.management = management;
    }

    /**
     * Reads all settings and connects the parts. The management port listens from then on, and the first check of Redis
     * and the store is under way.
     *
     * @throws InvalidSettings naming what is wrong, and what is allowed
     * @throws IOException when a file can't be read or a port is taken
     */
    public static TokenizerAssembly create(TokenizerEnvironment environment, Intervals intervals) throws IOException {
        VaultConfig mounted = VaultConfig.read(environment.files()).requirePinned();
        TokenizerSettings settings = mounted.settings();
        TokenizerSettings.Storage storage = settings.storage();
        Keyring keyring = mounted.keyring();

        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        RedisGrants grants = new RedisGrants(
                VaultConfig.text(environment.redisUrl()).strip(),
                VaultConfig.authority(environment.redisCA()),
                settings.grants().maximumDuration());
        S3Connection connection = mounted.connect();
        BucketIdentity identity = new BucketIdentity(mounted.identity(connection));
        SelfCheck selfCheck = new SelfCheck(grants, connection, identity, intervals);
        Bucket bucket = identity.bucket(connection);
        S3Records records = new S3Records(bucket, keyring);
        S3DataObjects objects =
                new S3DataObjects(bucket, connection.signer(mounted.forClients()), selfCheck::singleUseUploads);
        Clock clock = Clock.systemUTC();
        RecordCopies copies = new RecordCopies(settings.grants().recordCopies(), keyring, grants, records, clock);
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
                        records,
                        new S3ErasureMarkers(bucket, keyring),
                        objects,
                        grants,
                        settings.grants().maximumDuration(),
                        clock),
                copies,
                clock);
        new TokenizerGauges(connection, identity, selfCheck, vault, copies).register(metrics);
        IssuerRouter issuers = new IssuerRouter(
                settings.issuers(),
                environment.issuerCAs(),
                cluster(environment, settings),
                settings.auth().outageTolerance());
        issuers.bindTo(metrics);
        Listener listener = new Listener(
                environment.address(),
                environment.port(),
                environment.tls() == null ? null : ServerCertificate.in(environment.tls(), intervals.files()));
        ReadinessAnswer readiness = new ReadinessAnswer(selfCheck::health);
        // The first check goes on while the servers are made. Both take long, and readiness needs both.
        selfCheck.start();
        try {
            TokenizerServer server = new TokenizerServer(
                    listener,
                    vault,
                    issuers,
                    new Logins(settings.issuers(), issuers, grants.logins(), clock),
                    new FrameSessions(new FrameTokens(keyring, settings.issuers(), clock), grants.codes()),
                    new FramePage(settings.frame(), mounted.forClients().objectsUrl(), FrameFiles.load()),
                    settings.auth().simpleApi(),
                    new AuditLog(),
                    metrics,
                    TokenizerServer.AT_ONCE);
            ManagementServer management = new ManagementServer(
                    environment.address(), environment.managementPort(), readiness, metrics.getPrometheusRegistry());
            return new TokenizerAssembly(grants, copies, connection, selfCheck, issuers, server, readiness, management);
        } catch (IOException | RuntimeException e) {
            Closing.close(selfCheck, copies, grants, connection);
            throw e;
        }
    }

    /**
     * Serves, unless the first check of the store finds a fault that no retry fixes.
     *
     * @return that fault; null when the tokenizer serves
     * @throws IOException when the port for callers is taken
     */
    public @Nullable StoreStatus start() throws IOException, InterruptedException {
        issuers.start();
        StoreStatus fault = selfCheck.firstPermanentFault();
        if (fault == null) {
            server.start();
            readiness.serving(true);
        }
        return fault;
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
        readiness.serving(false);
        Closing.close(server, issuers, selfCheck, copies, grants, connection, management);
    }

    private static @Nullable ServiceAccountAuthenticator cluster(
            TokenizerEnvironment environment, TokenizerSettings settings) {
        if (environment.cluster() != null) {
            return new ServiceAccountAuthenticator(
                    environment.cluster(), settings.vault(), settings.auth(), settings.applications());
        }
        if (settings.applications().isEmpty()) return null;
        throw new InvalidSettings(EnvironmentVariables.CLUSTER_ACCOUNT
                + " is not set, but the applications of the settings call with tokens of"
                + " the cluster; set it to a folder with token and ca.crt.");
    }
}
