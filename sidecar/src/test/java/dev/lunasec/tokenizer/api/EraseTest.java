package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.testbed.EverythingLogged;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tokens that are erased: what an application is told, and what nobody is told any more, on any pod. */
@Tag("embedded")
class EraseTest {
    private static final byte[] SECRET = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);

    @AutoClose
    private static final EverythingLogged logged = new EverythingLogged();

    @AutoClose
    private static final TestVault vault = TestVault.started();

    private static final Api api = vault.api();
    private static final Api another = new Api(vault.anotherPod());
    private static final String user = vault.user();
    private static final String application = vault.application();

    @Test
    void anErasedTokenIsUnknownAtOnceOnEveryPod() {
        String token = api.store(user, SECRET);
        String session = "{\"sessionId\":\"session-1\",\"tokenId\":\"" + token + "\"}";
        for (Api pod : new Api[] {api, another}) {
            // So that each has the record in its memory.
            assertThat(pod.post("/detokenize", user, Api.of(token)).status()).isEqualTo(200);
        }
        Answer read = another.post("/detokenize", user, Api.of(token));
        assertThat(api.post("/token/erase", application, Api.of(token)).status())
                .isEqualTo(200);
        for (Api pod : new Api[] {api, another}) {
            refused(pod.post("/detokenize", user, Api.of(token)), 404, "unknownToken");
            refused(pod.post("/metadata/get", user, Api.of(token)), 404, "unknownToken");
            refused(pod.post("/grant/set", application, session), 404, "unknownToken");
            Answer verified = pod.post("/grant/verify", application, session);
            assertThat(verified.data().get("valid").booleanValue()).isFalse();
        }
        assertThat(another.download(read.data()).status())
                .as("with an URL from before")
                .isEqualTo(404);
    }

    @Test
    void theSecondAnswerIsTheFirstReceipt() {
        String token = api.store(user, SECRET);
        Answer first = api.post("/token/erase", application, Api.of(token));
        assertThat(first.data().fieldNames()).toIterable().containsExactly("receipt");
        String other = "lunasec-" + token.substring(8).toUpperCase(Locale.ROOT);
        Answer second = another.post("/token/erase", application, "{\"TOKENID\":\"" + other + "\"}");
        assertThat(second.text()).isEqualTo(first.text());
    }

    @Test
    void onlyWhatIsThereIsErasedAndOnlyByTheApplication() {
        String token = api.store(user, SECRET);
        for (String kind : new String[] {"user", "developer"}) {
            refused(api.post("/token/erase", vault.issuer.jwt(kind, "session-1"), Api.of(token)), 403, "notAllowed");
        }
        assertThat(api.post("/detokenize", user, Api.of(token)).status()).isEqualTo(200);
        refused(api.post("/token/erase", application, Api.of(Api.unknownToken())), 404, "unknownToken");
        refused(api.post("/token/erase", application, Api.of("lunasec-1")), 400, "malformedToken");
        refused(api.post("/token/erase", application, "{}"), 400, "badRequest");
    }

    @Test
    void whoeverAsksGetsTheKeysOfReceipts() {
        Answer keys = api.send(api.request("/.well-known/tokenizer/keys").GET());
        assertThat(keys.status()).isEqualTo(200);
        assertThat(keys.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(keys.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(keys.json().at("/keys/0/kty").textValue()).isEqualTo("OKP");
        assertThat(keys.json().at("/keys/0/crv").textValue()).isEqualTo("Ed25519");
        assertThat(keys.json().at("/keys/0").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("kty", "crv", "x", "kid", "use", "alg", "compromised");
        assertThat(another.send(another.request("/.well-known/tokenizer/keys").GET())
                        .text())
                .isEqualTo(keys.text());
        Answer post = api.send(api.request("/.well-known/tokenizer/keys").POST(BodyPublishers.noBody()));
        refused(post, 405, "methodNotAllowed");
        assertThat(post.headers().firstValue("allow")).hasValue("GET, HEAD");
    }

    @Test
    void theAuditLogNamesTheRecordAndNoLogTheTokenOrAKey() {
        Answer stored = api.post("/tokenize", user, "{}");
        assertThat(api.upload(stored.data(), SECRET).status()).isEqualTo(200);
        String token = stored.data().get("tokenId").textValue();
        Answer erased = api.post("/token/erase", application, Api.of(token));
        assertThat(logged.text())
                .containsPattern("\"action\":\"/token/erase\",\"result\":\"ok\",\"caller\":\"application\","
                        + "\"subject\":\"shop/application\",\"session\":\"[0-9a-f]{32}\",\"record\":\"[0-9a-f]{32}\"");
        assertThat(logged.text())
                .doesNotContain(token)
                .doesNotContain(token.substring(8).replace("-", ""))
                .doesNotContain(erased.data().get("receipt").textValue())
                .doesNotContain(stored.data()
                        .at("/headers/x-amz-server-side-encryption-customer-key")
                        .textValue());
    }
}
