package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.testbed.EverythingLogged;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.testbed.TcpRelay;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.Issuers;
import dev.lunasec.tokenizer.testing.TestVault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /grant/revoke}: which grants end, on both pods of a vault, and what the caller is told. */
@Tag("embedded")
class RevokeTest {
    private static final byte[] SECRET = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);
    private static final String OTHER = "https://other.example";

    @TempDir
    static Path folder;

    @AutoClose
    private static EverythingLogged logged;

    @AutoClose
    private static JwtIssuer other;

    @AutoClose
    private static TestVault vault;

    private static Api api;
    private static Api another;
    private static String user;
    private static String friend;
    private static String application;

    @BeforeAll
    static void start() {
        logged = new EverythingLogged();
        other = new JwtIssuer();
        vault = TestVault.in(folder)
                .issuers(Issuers.unlimited("other", OTHER, other.jwksUrl()))
                .start();
        api = new Api(vault.url());
        another = new Api(vault.anotherPod());
        user = vault.issuer.jwt("user", "session-1");
        friend = vault.issuer.jwt("user", "session-2");
        application = vault.issuer.jwt("application", "");
    }

    @Test
    void byTokenAllSessionsLoseItWithTheNextRequestOnEveryPod() {
        String token = shared();
        String kept = shared();
        revoked("{\"tokenId\":\"" + token + "\"}");
        for (Api pod : new Api[] {api, another}) {
            refused(pod.post("/detokenize", user, Api.of(token)), 403, "noGrant");
            refused(pod.post("/metadata/get", friend, Api.of(token)), 403, "noGrant");
            assertThat(pod.post("/detokenize", user, Api.of(kept)).status()).isEqualTo(200);
        }
        assertThat(api.post("/grant/set", application, body("session-1", token)).status())
                .isEqualTo(200);
        assertThat(another.post("/detokenize", user, Api.of(token)).status()).isEqualTo(200);
        refused(another.post("/detokenize", friend, Api.of(token)), 403, "noGrant");
    }

    @Test
    void bySessionItLosesAllTokens() {
        String session = vault.issuer.jwt("user", "leaving");
        String one = api.store(session, SECRET);
        String two = api.store(session, SECRET);
        revoked("{\"sessionId\":\"leaving\"}");
        for (String token : List.of(one, two)) {
            refused(another.post("/detokenize", session, Api.of(token)), 403, "noGrant");
            assertThat(another.post("/grant/verify", application, body("leaving", token))
                            .data()
                            .get("valid")
                            .booleanValue())
                    .isFalse();
        }
    }

    @Test
    void aSessionThatIsRevokedRightAfterARecordWasReadIsRefusedByThePodsThatHaveTheRecordInMemory() {
        String session = vault.issuer.jwt("user", "reading");
        String token = api.store(session, SECRET);
        for (Api pod : new Api[] {api, another}) {
            assertThat(pod.post("/detokenize", session, Api.of(token)).status()).isEqualTo(200);
        }
        revoked("{\"sessionId\":\"reading\"}");
        for (Api pod : new Api[] {api, another}) {
            refused(pod.post("/detokenize", session, Api.of(token)), 403, "noGrant");
            refused(pod.post("/metadata/get", session, Api.of(token)), 403, "noGrant");
        }
    }

    @Test
    void byBothOnlyThatPairEnds() {
        String token = shared();
        revoked(body("session-2", token));
        refused(another.post("/detokenize", friend, Api.of(token)), 403, "noGrant");
        assertThat(another.post("/detokenize", user, Api.of(token)).status()).isEqualTo(200);
    }

    @Test
    void theSessionOfTheSameNameAtAnotherIssuerKeepsItsGrants() {
        String namesake = other.jwt("user", "session-3", claims -> claims.issuer(OTHER));
        String mine = vault.issuer.jwt("user", "session-3");
        String theirs = api.store(namesake, SECRET);
        String token = api.store(mine, SECRET);
        revoked("{\"sessionId\":\"session-3\"}");
        assertThat(another.post("/detokenize", namesake, Api.of(theirs)).status())
                .isEqualTo(200);
        refused(another.post("/detokenize", mine, Api.of(token)), 403, "noGrant");
    }

    @Test
    void aBodyThatNamesNoGrantIsABadRequest() {
        for (String bad : List.of("{}", "{\"tokenId\":null,\"sessionId\":null}", "{\"token\":\"x\"}")) {
            Answer answer = api.post("/grant/revoke", application, bad);
            refused(answer, 400, "badRequest");
            assertThat(answer.json().at("/error/message").textValue())
                    .isEqualTo("The body names no grant; send tokenId, sessionId or both.");
        }
        refused(api.post("/grant/revoke", application, "{\"tokenId\":1}"), 400, "badRequest");
        refused(api.post("/grant/revoke", application, Api.of("lunasec-123")), 400, "malformedToken");
    }

    @Test
    void theAuditLineNamesTheRecordAndThePseudonymOfTheSession() {
        String token = shared();
        revoked(body("session-2", token));
        assertThat(logged.text())
                .containsPattern("\"/grant/revoke\",\"result\":\"ok\",\"caller\":\"application\"[^}]*"
                        + "\"grantee\":\"[0-9a-f]{32}\",\"record\":\"[0-9a-f]{32}\"")
                .doesNotContain(token, "session-2");
    }

    @Test
    void withoutTheConfirmationOfAReplicaRevocationsAndErasuresAreNotAnsweredWith200() {
        String token = shared();
        String kept = shared();
        try (EmbeddedRedis replica = new EmbeddedRedis();
                TcpRelay between = TcpRelay.to(vault.redis.port())) {
            replica.replicate(between.port());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> vault.redis.info("replication").contains("state=online"));
            between.freeze();
            Answer answer = api.post("/grant/revoke", application, Api.of(token));
            refused(answer, 503, "replicationUnconfirmed");
            assertThat(answer.headers().firstValue("retry-after")).isPresent();
            refused(api.post("/token/erase", application, Api.of(kept)), 503, "replicationUnconfirmed");
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> vault.redis.info("replication").contains("connected_slaves:0"));
        refused(another.post("/detokenize", user, Api.of(token)), 403, "noGrant");
        assertThat(another.post("/token/erase", application, Api.of(kept)).status())
                .as("nothing was erased before")
                .isEqualTo(200);
    }

    /** A token that two sessions hold a grant for. */
    private static String shared() {
        String token = api.store(user, SECRET);
        assertThat(api.post("/grant/set", application, body("session-2", token)).status())
                .isEqualTo(200);
        assertThat(another.post("/detokenize", friend, Api.of(token)).status()).isEqualTo(200);
        return token;
    }

    private static void revoked(String body) {
        Answer answer = api.post("/grant/revoke", application, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"success\":true,\"error\":{},\"data\":{}}");
    }

    private static String body(String session, String token) {
        return "{\"sessionId\":\"" + session + "\",\"tokenId\":\"" + token + "\"}";
    }
}
