package dev.lunasec.tokenizer.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.contract.TokenizerSettings.Application;
import dev.lunasec.contract.TokenizerSettings.Auth;
import dev.lunasec.contract.TokenizerSettings.VaultName;
import dev.lunasec.tokenizer.auth.IssuerKeys.Timing;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.testing.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of ServiceAccounts, against an API server that publishes its keys over HTTPS to those with a token. */
@Tag("embedded")
class ServiceAccountAuthenticatorTest {
    private static final Application BACKEND = new Application("shop", "backend", EnumSet.of(Action.TOKENIZE), "shop");
    private static final VaultName VAULT = new VaultName("payments", "vault");
    private static final Auth AUTH = new Auth(Duration.ofMinutes(15), Duration.ofHours(1), false);
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private TestCluster cluster;
    private Authenticator authenticator;

    @BeforeEach
    void start() {
        cluster = new TestCluster(folder);
        authenticator = new IssuerRouter(
                List.of(),
                null,
                new ServiceAccountAuthenticator(cluster.cluster(), VAULT, AUTH, List.of(BACKEND)),
                AUTH.outageTolerance());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aPodIsKnownByItsServiceAccount() {
        String token = cluster.token("shop", "backend");
        Caller caller = authenticator.authenticate(token);
        assertThat(caller).isEqualTo(authenticator.authenticate("Bearer " + token));
        assertThat(caller.kind()).isEqualTo(Kind.APPLICATION);
        assertThat(caller.subject()).isEqualTo("serviceaccount:shop/backend");
        assertThat(caller.issuer()).isEqualTo("shop");
        assertThat(caller.session()).isEmpty();
        assertThat(caller.actions()).containsExactly(Action.TOKENIZE);
    }

    @Test
    void theKeysAreFetchedOnce() {
        for (int i = 0; i < 20; i++) authenticator.authenticate(cluster.token("shop", "backend"));
        assertThat(cluster.fetches()).isEqualTo(1);
    }

    @Test
    void aTokenThatDoesNotHoldIsRefused() {
        Instant now = Instant.now();
        for (String bad : List.of(
                cluster.token("shop", "backend", claims -> claims.audience("https://kubernetes.default.svc")),
                cluster.token("shop", "backend", claims -> claims.audience(List.of())),
                cluster.token("shop", "backend", claims -> claims.expirationTime(Date.from(now.minusSeconds(120)))),
                cluster.token("shop", "backend", claims -> claims.expirationTime(null)),
                cluster.token("shop", "backend", claims -> claims.notBeforeTime(Date.from(now.plusSeconds(120)))),
                cluster.token("shop", "backend", claims -> claims.issuer("https://another.cluster")),
                cluster.token("shop", "backend", claims -> claims.issuer(null)),
                cluster.token("shop", "backend", claims -> claims.subject(null)),
                cluster.token("shop", "backend", claims -> claims.subject("system:node:shop")),
                cluster.token("shop", "backend", claims -> claims.subject("system:serviceaccount:shop:backend:x")),
                cluster.token("shop", "backend", claims -> claims.subject("system:serviceaccount:shop/backend")),
                cluster.forged("shop", "backend"),
                cluster.ofUnknownKey("shop", "backend"),
                "nonsense")) {
            assertThat(refused(bad, ErrorCode.UNAUTHENTICATED).sentence()).doesNotContain(bad);
        }
    }

    @Test
    void aTokenForAnotherVaultOrForTwoIsRefused() {
        for (List<String> audiences : List.of(
                List.of("tokenizer"),
                List.of("tokenizer/shop/vault"),
                List.of("tokenizer/payments/vault2"),
                List.of("tokenizer/payments/vault", "tokenizer/shop/vault"),
                List.of("tokenizer/payments/vault", "https://kubernetes.default.svc"))) {
            assertThat(refused(
                                    cluster.token("shop", "backend", claims -> claims.audience(audiences)),
                                    ErrorCode.UNAUTHENTICATED)
                            .sentence())
                    .contains("project one with the audience tokenizer/payments/vault");
        }
    }

    @Test
    void aTokenThatIsValidForTooLongIsRefused() {
        Instant now = Instant.now();
        for (Instant issued : new Instant[] {null, now.minusSeconds(3000)}) {
            String token = cluster.token(
                    "shop",
                    "backend",
                    claims -> claims.issueTime(issued == null ? null : Date.from(issued))
                            .expirationTime(Date.from(now.plusSeconds(605))));
            assertThat(refused(token, ErrorCode.UNAUTHENTICATED).sentence())
                    .isEqualTo("The ServiceAccount token is valid for longer than 1h; project one with"
                            + " expirationSeconds of at most 3600, or raise"
                            + " spec.auth.maximumServiceAccountTokenLifetime.");
        }
        authenticator.authenticate(cluster.token(
                "shop",
                "backend",
                claims -> claims.issueTime(Date.from(now.minusSeconds(3000)))
                        .expirationTime(Date.from(now.plusSeconds(595)))));
    }

    @Test
    void aServiceAccountThatIsNotListedIsToldWhereToListIt() {
        for (String name : List.of("stranger", "backend.other")) {
            assertThat(refused(cluster.token("shop", name), ErrorCode.UNAUTHENTICATED)
                            .sentence())
                    .isEqualTo("The ServiceAccount shop/" + name
                            + " is no application of this vault; add it to spec.auth.applications.");
        }
        refused(cluster.token("mall", "backend"), ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void aNewKeyIsFetchedWhenItComesAndAnOldOneIsNoLongerGood() {
        String before = cluster.token("shop", "backend");
        authenticator.authenticate(before);
        cluster.rotateKeys();
        authenticator.authenticate(cluster.token("shop", "backend"));
        refused(before, ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void keysThatNobodyHasHeardOfAreNotAskedForEachTime() {
        authenticator.authenticate(cluster.token("shop", "backend"));
        for (int i = 0; i < 50; i++) refused(cluster.ofUnknownKey("shop", "backend"), ErrorCode.UNAUTHENTICATED);
        assertThat(cluster.fetches()).isLessThan(10);
        authenticator.authenticate(cluster.token("shop", "backend"));
    }

    @Test
    void keysThatAreKnownLastThroughAnOutage() {
        authenticator.authenticate(cluster.token("shop", "backend"));
        cluster.stop();
        authenticator.authenticate(cluster.token("shop", "backend"));
        refused(cluster.forged("shop", "backend"), ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void inAnOutageKeysAreGoodForLongerThanTheyAreFresh() {
        IssuerRouter router = new IssuerRouter(
                List.of(),
                null,
                new ServiceAccountAuthenticator(
                        cluster.cluster(),
                        VAULT,
                        AUTH,
                        List.of(BACKEND),
                        new Timing(Duration.ofMillis(200), Duration.ofMillis(100), SOON, Duration.ofHours(1))),
                AUTH.outageTolerance());
        router.start();
        authenticator = router;
        authenticator.authenticate(cluster.token("shop", "backend"));
        await().atMost(SOON).until(() -> {
            authenticator.authenticate(cluster.token("shop", "backend"));
            return cluster.fetches() > 2;
        });
        cluster.stop();
        await().during(Duration.ofSeconds(2))
                .atMost(SOON)
                .untilAsserted(() -> authenticator.authenticate(cluster.token("shop", "backend")));
        router.close();
    }

    @Test
    void inAnOutageATokenOfANewKeyIsNoFaultOfItsPod() {
        authenticator.authenticate(cluster.token("shop", "backend"));
        cluster.stop();
        cluster.rotateKeys();
        String token = cluster.token("shop", "backend");
        refused(token, ErrorCode.ISSUER_UNAVAILABLE);
        cluster.restart();
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> authenticator.authenticate(token));
    }

    @Test
    void anApiServerThatWasNeverThereIsNoReasonToDoubtAToken() {
        cluster.stop();
        String token = cluster.token("shop", "backend");
        for (int i = 0; i < 5; i++) refused(token, ErrorCode.ISSUER_UNAVAILABLE);
        cluster.restart();
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> authenticator.authenticate(token));
    }

    @Test
    void theKeysAreFetchedWithTheTokenThatThePodHasNow() {
        authenticator.authenticate(cluster.token("shop", "backend"));
        cluster.renewTokenOfPod();
        cluster.rotateKeys();
        authenticator.authenticate(cluster.token("shop", "backend"));
    }

    @Test
    void anApiServerOfAnotherAuthorityIsNotBelieved() {
        cluster.mistrust();
        refused(cluster.token("shop", "backend"), ErrorCode.ISSUER_UNAVAILABLE);
        assertThat(cluster.fetches()).isZero();
    }

    @Test
    void theIssuerIsReadAnewTogetherWithTheKeys() {
        authenticator.authenticate(cluster.token("shop", "backend"));
        cluster.renameIssuer("https://renamed");
        refused(cluster.token("shop", "backend"), ErrorCode.UNAUTHENTICATED);
        refused(
                cluster.ofUnknownKey("shop", "backend", "https://kubernetes.default.svc.cluster.local"),
                ErrorCode.UNAUTHENTICATED);
        authenticator.authenticate(cluster.token("shop", "backend"));
    }

    private CallFailed refused(String token, ErrorCode failure) {
        CallFailed[] seen = new CallFailed[1];
        assertThatThrownBy(() -> authenticator.authenticate(token)).isInstanceOfSatisfying(CallFailed.class, failed -> {
            assertThat(failed.failure()).isEqualTo(failure);
            seen[0] = failed;
        });
        return seen[0];
    }
}
