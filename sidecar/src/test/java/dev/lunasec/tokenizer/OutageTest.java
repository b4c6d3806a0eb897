package dev.lunasec.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.lunasec.testbed.FreePort;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.Issuers;
import dev.lunasec.tokenizer.testing.TestVault;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Redis, the store or the issuer fails and recovers: nothing is let through, and no pod needs a restart. */
@Tag("embedded")
class OutageTest {
    private static final byte[] SECRET = "a secret".getBytes(StandardCharsets.UTF_8);
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    private TestVault vault;
    private Api api;
    private Api management;
    private String user;

    @BeforeEach
    void start() {
        vault = TestVault.in(folder).checksOften().start();
        api = new Api(vault.url());
        management = new Api(vault.management());
        user = vault.issuer.jwt("user", "session-1");
        await().atMost(SOON).until(() -> ready().status() == 200);
    }

    @BeforeEach
    void listen() {
        logged.start();
        ((Logger) LoggerFactory.getLogger("dev.lunasec.tokenizer.api.OutageLog")).addAppender(logged);
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger("dev.lunasec.tokenizer.api.OutageLog")).detachAppender(logged);
        vault.close();
    }

    @Test
    void redisIsKilledAndComesBack() {
        String token = api.store(user, SECRET);
        vault.redis.stop();
        for (String path : new String[] {"/detokenize", "/metadata/get"})
            unavailable(api.post(path, user, Api.of(token)), "grantsUnavailable");
        unavailable(api.post("/tokenize", user, "{}"), "grantsUnavailable");
        String set = "{\"sessionId\":\"session-1\",\"tokenId\":\"" + token + "\"}";
        String application = vault.issuer.jwt("application", "");
        unavailable(api.post("/grant/set", application, set), "grantsUnavailable");
        unavailable(api.post("/grant/verify", application, set), "grantsUnavailable");
        unavailable(api.post("/token/erase", application, Api.of(token)), "grantsUnavailable");
        await().atMost(SOON).until(() -> ready().status() == 503);
        assertThat(dependency("redis").get("reason").textValue()).isEqualTo("RedisUnreachable");
        assertThat(dependency("storage").get("ok").booleanValue()).isTrue();
        assertThat(management.send(management.request("/livez").GET()).status()).isEqualTo(200);

        vault.redis.restart();
        // Redis restarts without data, so all grants are gone.
        await().atMost(SOON)
                .until(() -> api.post("/detokenize", user, Api.of(token)).status() == 403);
        assertThat(api.post("/grant/set", application, set).status()).isEqualTo(200);
        assertThat(api.download(api.post("/detokenize", user, Api.of(token)).data())
                        .body())
                .isEqualTo(SECRET);
        await().atMost(SOON).until(() -> ready().status() == 200);
    }

    @Test
    void theStoreIsKilledAndComesBack() {
        String token = api.post("/tokenize", user, "{}").data().get("tokenId").textValue();
        vault.store.stop();
        unavailable(api.post("/detokenize", user, Api.of(token)), "storageUnavailable");
        unavailable(api.post("/tokenize", user, "{}"), "storageUnavailable");
        unavailable(api.post("/token/erase", vault.issuer.jwt("application", ""), Api.of(token)), "storageUnavailable");
        assertThat(logged.list).singleElement().asString().contains("storageUnavailable: SdkClientException");
        await().atMost(SOON).until(() -> ready().status() == 503);
        assertThat(dependency("storage").get("reason").textValue()).isEqualTo("StoreUnreachable");

        vault.store.restart();
        await().atMost(SOON)
                .until(() -> api.post("/detokenize", user, Api.of(token)).status() == 200);
        await().atMost(SOON).until(() -> ready().status() == 200);
    }

    @Test
    void theIssuerIsAwayOnceItsKeysAreKnown() {
        api.store(user, SECRET);
        vault.issuer.close();
        String later = vault.issuer.jwt("user", "session-2");
        assertThat(api.post("/tokenize", later, "{}").status()).isEqualTo(200);
    }

    @Test
    void anIssuerThatWasNeverThereIsNoReasonToDoubtAJwt() throws IOException {
        URI nobody = URI.create("http://127.0.0.1:" + FreePort.find() + "/jwks.json");
        Path other = Files.createDirectory(folder.resolve("other"));
        try (TestVault never = TestVault.in(other)
                .issuers(Issuers.unlimited("never", "never", nobody))
                .start()) {
            Api calls = new Api(never.url());
            String jwt = never.issuer.jwt("user", "session-1", claims -> claims.issuer("never"));
            for (int i = 0; i < 3; i++) {
                assertThat(calls.post("/tokenize", withoutAskingForKeys(jwt), "{}")
                                .status())
                        .isEqualTo(401);
                unavailable(calls.post("/tokenize", jwt, "{}"), "issuerUnavailable");
            }
        }
    }

    /** Of an algorithm that no key is looked up for. */
    private static String withoutAskingForKeys(String jwt) {
        String header = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"HS256\"}".getBytes(StandardCharsets.UTF_8));
        return header + jwt.substring(jwt.indexOf('.'));
    }

    private static void unavailable(Answer answer, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
        assertThat(answer.error()).isEqualTo(code);
        assertThat(answer.headers().firstValue("retry-after")).isPresent();
        assertThat(answer.json().get("data")).isEmpty();
    }

    private Answer ready() {
        return management.send(management.request("/readyz").GET());
    }

    private JsonNode dependency(String name) {
        return ready().json().get("dependencies").get(name);
    }
}
