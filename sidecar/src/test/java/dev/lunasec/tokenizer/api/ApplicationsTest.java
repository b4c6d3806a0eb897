package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.contract.TokenizerSettings.Application;
import dev.lunasec.testbed.EverythingLogged;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestCluster;
import dev.lunasec.tokenizer.testing.TestVault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods that come with the token of their ServiceAccount: what each may do, and to whose sessions it gives grants. */
@Tag("embedded")
class ApplicationsTest {
    private static final byte[] SECRET = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);
    private static final Map<String, Action> ROUTES = Map.of(
            "/tokenize", Action.TOKENIZE,
            "/detokenize", Action.DETOKENIZE,
            "/metadata/get", Action.METADATA,
            "/grant/set", Action.GRANT,
            "/grant/revoke", Action.GRANT,
            "/grant/verify", Action.VERIFY,
            "/token/erase", Action.ERASE);

    @TempDir
    static Path folder;

    private static EverythingLogged logged;
    private static TestCluster cluster;
    private static TestVault vault;
    private static Api api;

    @BeforeAll
    static void start() {
        logged = new EverythingLogged();
        cluster = new TestCluster(folder.resolve("account"));
        List<Application> applications = new ArrayList<>();
        applications.add(new Application("shop", "backend", EnumSet.allOf(Action.class), JwtIssuer.ISSUER));
        applications.add(new Application("shop", "lonely", EnumSet.allOf(Action.class), null));
        for (Action action : Action.values())
            applications.add(
                    new Application("shop", all(action), EnumSet.complementOf(EnumSet.of(action)), JwtIssuer.ISSUER));
        vault = TestVault.in(folder)
                .applications(cluster.cluster(), applications)
                .start();
        api = new Api(vault.url());
    }

    @AfterAll
    static void stop() {
        vault.close();
        cluster.close();
        logged.close();
    }

    @Test
    void aPodStoresAndReads() {
        String pod = "Bearer " + cluster.token("shop", "backend");
        String token = api.store(pod, SECRET);
        Answer read = api.post("/detokenize", cluster.token("shop", "backend"), Api.of(token));
        assertThat(api.download(read.data()).body()).isEqualTo(SECRET);
        assertThat(logged.text())
                .contains("\"action\":\"/tokenize\",\"result\":\"ok\",\"caller\":\"application\","
                        + "\"subject\":\"serviceaccount:shop/backend\"");
        refused(api.post("/detokenize", cluster.token("shop", "lonely"), Api.of(token)), 403, "noGrant");
        refused(api.post("/detokenize", vault.issuer.jwt("application", ""), Api.of(token)), 403, "noGrant");
    }

    @Test
    void aRouteNeedsItsActionAndTheRefusalNamesIt() {
        ROUTES.forEach((route, action) -> {
            Answer without = api.post(route, cluster.token("shop", all(action)), body("", Api.unknownToken()));
            refused(without, 403, "notAllowed");
            String name = action.name().charAt(0) + action.name().substring(1).toLowerCase(Locale.ROOT);
            assertThat(without.json().at("/error/message").textValue())
                    .contains("add " + name + " to the actions", "spec.auth.applications");
            Action other = action == Action.ERASE ? Action.GRANT : Action.ERASE;
            assertThat(api.post(route, cluster.token("shop", all(other)), body("", Api.unknownToken()))
                            .error())
                    .as(route + " with its action")
                    .isNotEqualTo("notAllowed");
            assertThat(api.post(route, vault.issuer.jwt("application", ""), body("", Api.unknownToken()))
                            .error())
                    .as(route + " with the JWT of an application")
                    .isNotEqualTo("notAllowed");
        });
    }

    /** An application that makes a code could redeem it itself. */
    @Test
    void aPodGetsNoCodeForWhatItMayNotDoItselfOrForASessionOfNoIssuer() {
        String code = "{\"sessionId\":\"session-1\",\"nonce\":\"00112233445566778899aabbccddeeff\",\"action\":";
        String store = code + "\"tokenize\"}";
        String read = code + "\"detokenize\",\"tokenIds\":[\"" + Api.unknownToken() + "\"]}";
        Map.of(Action.GRANT, store, Action.TOKENIZE, store, Action.DETOKENIZE, read, Action.METADATA, read)
                .forEach((action, body) -> {
                    Answer without = api.post("/session/code", cluster.token("shop", all(action)), body);
                    refused(without, 403, "notAllowed");
                    String name =
                            action.name().charAt(0) + action.name().substring(1).toLowerCase(Locale.ROOT);
                    assertThat(without.json().at("/error/message").textValue()).contains("add " + name);
                    assertThat(api.post("/session/code", cluster.token("shop", all(Action.ERASE)), body)
                                    .status())
                            .isEqualTo(200);
                });
        refused(api.post("/session/code", cluster.token("shop", "lonely"), store), 403, "notAllowed");
    }

    @Test
    void aPodGrantsToTheSessionsOfItsIssuer() {
        String pod = cluster.token("shop", "backend");
        String token = api.store(pod, SECRET);
        String user = vault.issuer.jwt("user", "session-of-shop");
        refused(api.post("/detokenize", user, Api.of(token)), 403, "noGrant");
        assertThat(verified(pod, token)).isFalse();
        assertThat(api.post("/grant/set", pod, body("session-of-shop", token)).status())
                .isEqualTo(200);
        assertThat(verified(pod, token)).isTrue();
        assertThat(verified(vault.issuer.jwt("application", ""), token)).isTrue();
        Answer read = api.post("/detokenize", user, Api.of(token));
        assertThat(api.download(read.data()).body()).isEqualTo(SECRET);
    }

    @Test
    void aPodOfNoIssuerGrantsToItselfAlone() {
        String pod = cluster.token("shop", "lonely");
        String token = api.store(vault.issuer.jwt("application", ""), SECRET);
        for (String route : new String[] {"/grant/set", "/grant/revoke", "/grant/verify"}) {
            Answer answer = api.post(route, pod, body("session-of-shop", token));
            refused(answer, 403, "notAllowed");
            assertThat(answer.json().at("/error/message").textValue()).contains("issuer", "spec.auth.applications");
        }
        refused(api.post("/detokenize", pod, Api.of(token)), 403, "noGrant");
        assertThat(api.post("/grant/set", pod, body("", token)).status()).isEqualTo(200);
        assertThat(api.post("/detokenize", pod, Api.of(token)).status()).isEqualTo(200);
    }

    @Test
    void whoIsNoApplicationIsNotLetInAndNothingSecretIsLogged() {
        String good = cluster.token("shop", "backend");
        String stranger = cluster.token("shop", "stranger");
        String forged = cluster.forged("shop", "backend");
        assertThat(api.post("/tokenize", good, "{}").status()).isEqualTo(200);
        refused(api.post("/tokenize", stranger, "{}"), 401, "unauthenticated");
        refused(api.post("/tokenize", forged, "{}"), 401, "unauthenticated");
        // So that the failure of a fetch is in the log too.
        cluster.stop();
        cluster.rotateKeys();
        String ofNewKey = cluster.token("shop", "backend");
        refused(api.post("/tokenize", ofNewKey, "{}"), 503, "issuerUnavailable");
        cluster.restart();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> api.post("/tokenize", ofNewKey, "{}").status() == 200);

        assertThat(logged.text())
                .contains("The keys of the issuer ServiceAccounts can't be fetched", "\"result\":\"ok\"");
        for (String secret : new String[] {good, stranger, forged, ofNewKey, cluster.podsToken()}) {
            assertThat(logged.text()).doesNotContain(secret, secret.substring(secret.lastIndexOf('.') + 1));
        }
    }

    private static String all(Action but) {
        return "all-but-" + but.name().toLowerCase(Locale.ROOT);
    }

    private static String body(String session, String token) {
        return "{\"sessionId\":\"" + session + "\",\"tokenId\":\"" + token + "\"}";
    }

    private static boolean verified(String caller, String token) {
        return api.post("/grant/verify", caller, body("session-of-shop", token))
                .data()
                .get("valid")
                .booleanValue();
    }
}
