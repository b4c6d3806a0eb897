package dev.lunasec.tokenizer.agent;

import dev.lunasec.contract.AgentEnvironment;
import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.runtime.ManagementServer;
import dev.lunasec.runtime.ReloadedFiles;
import dev.lunasec.runtime.TrustedAuthorities;
import dev.lunasec.tokenizer.auth.TokenFile;
import dev.lunasec.tokenizer.http.Listener;
import dev.lunasec.tokenizer.ops.Closing;
import dev.lunasec.tokenizer.ops.Health;
import dev.lunasec.tokenizer.ops.Health.Dependency;
import dev.lunasec.tokenizer.ops.HealthWatch;
import dev.lunasec.tokenizer.ops.Intervals;
import dev.lunasec.tokenizer.ops.ReadinessAnswer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The agent: it connects the tokenizer, the check and the ports, and closes them in reverse order. */
public final class Agent implements AutoCloseable {
    private static final String TOKEN = "token";
    private static final String TOKENIZER = "tokenizer";

    private final TokenizerProxy upstream;
    private final HealthWatch watch;
    private final AgentServer server;
    private final ReadinessAnswer readiness;
    private final ManagementServer management;

    private Agent(
            TokenizerProxy upstream,
            HealthWatch watch,
            AgentServer server,
            ReadinessAnswer readiness,
            ManagementServer management) {
        this.upstream = upstream;
        this.watch = watch;
        this.server = server;
        this.readiness = readiness;
        this.management = management;
    }

    /**
     * Reads the authority and connects the parts; the management port listens from then on.
     *
     * @throws InvalidSettings naming what is wrong, and what is allowed
     * @throws IOException when a port is taken
     */
    public static Agent create(AgentEnvironment environment, Intervals intervals) throws IOException {
        // The tokenizer closes connections that are idle for as long as Listener.IDLE; a call on one that it is
        // about to close would fail, so this side closes first. The client reads it once, when it is loaded.
        System.setProperty(
                "jdk.httpclient.keepalive.timeout",
                Long.toString(Listener.IDLE.dividedBy(2).toSeconds()));
        TokenizerProxy upstream = new TokenizerProxy(
                environment.tokenizer(),
                new TokenFile(environment.tokenFile()),
                authority(environment.trustedCA(), intervals.files()));
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        HealthWatch watch = new HealthWatch(List.of(TOKEN, TOKENIZER), () -> check(upstream), intervals);
        AgentServer server = new AgentServer(
                new Listener(environment.address(), environment.port(), null),
                upstream,
                environment.actions(),
                metrics);
        ReadinessAnswer readiness = new ReadinessAnswer(watch::health);
        ManagementServer management = new ManagementServer(
                environment.managementAddress(),
                environment.managementPort(),
                readiness,
                metrics.getPrometheusRegistry());
        return new Agent(upstream, watch, server, readiness, management);
    }

    /**
     * Serves, whether the tokenizer is reachable yet or not.
     *
     * @throws IOException when the port for the application is taken
     */
    public void start() throws IOException {
        upstream.start();
        watch.start();
        server.start();
        readiness.serving(true);
    }

    /** The port for the application. */
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
        Closing.close(server, watch, upstream, management);
    }

    private static Health check(TokenizerProxy upstream) {
        Dependency token = upstream.hasToken()
                ? Dependency.ok(TOKEN)
                : new Dependency(
                        TOKEN, "TokenUnreadable", "The token file can't be read; project a ServiceAccount token.");
        Dependency tokenizer = upstream.answers()
                ? Dependency.ok(TOKENIZER)
                : new Dependency(
                        TOKENIZER,
                        "TokenizerUnreachable",
                        "The tokenizer gives no answer; check " + EnvironmentVariables.URL + ", "
                                + EnvironmentVariables.CA
                                + ", and the label that lets this pod through the network policy.");
        return Health.of(token, tokenizer);
    }

    private static ReloadedFiles<SSLContext> authority(@Nullable Path file, Duration every) {
        if (file == null) {
            return new ReloadedFiles<>("The authorities", List.of(), files -> TrustedAuthorities.context(null), every);
        }
        return new ReloadedFiles<>(
                "The authority in " + file,
                List.of(file),
                files -> {
                    try {
                        return TrustedAuthorities.contextOfOnly(files.get(0));
                    } catch (IllegalArgumentException e) {
                        throw new InvalidSettings(
                                "The file " + file + " holds no certificate; write certificates in PEM form.", e);
                    }
                },
                every);
    }
}
