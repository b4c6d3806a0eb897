package dev.lunasec.tokenizer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The field {@code expiresAt} of {@code /tokenize}: what it takes, and what callers are told once the time has come.
 */
@Tag("embedded")
class ExpiresAtTest {
    private static final byte[] SECRET = {1, 2, 3};

    @AutoClose
    private static final TestVault vault = TestVault.started();

    private static final Api api = vault.api();
    private static final Api another = new Api(vault.anotherPod());
    private static final String user = vault.user();
    private static final String application = vault.application();

    @Test
    void anExpiredTokenIsAnsweredAsAnErasedOneOnEveryPodAndRoute() {
        String erased = api.store(user, SECRET);
        assertThat(api.post("/token/erase", application, Api.of(erased)).status())
                .isEqualTo(200);
        String expired = tokenize(Instant.now().plusSeconds(3)).get("tokenId").textValue();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> api.post("/detokenize", user, Api.of(expired)).status() != 200);
        for (Api pod : List.of(api, another)) {
            for (String path : List.of("/detokenize", "/metadata/get")) {
                Answer answer = pod.post(path, user, Api.of(expired));
                RoutesTest.refused(answer, 404, "unknownToken");
                assertThat(answer.error())
                        .isEqualTo(pod.post(path, user, Api.of(erased)).error());
            }
            RoutesTest.refused(pod.post("/token/rekey", application, Api.of(expired)), 404, "unknownToken");
            for (String token : List.of(expired, erased)) {
                assertThat(valid(pod, token)).isFalse();
            }
            RoutesTest.refused(
                    pod.post("/detokenize", vault.issuer.jwt("user", "stranger"), Api.of(expired)), 403, "noGrant");
        }
        assertThat(api.post("/token/erase", application, Api.of(expired)).status())
                .as("it can be erased before the sweep reaches it")
                .isEqualTo(200);
    }

    @Test
    void aTokenThatExpiresLaterIsReadAsAnyOther() {
        JsonNode stored = tokenize(Instant.now().plus(Duration.ofDays(36_000)));
        String token = stored.get("tokenId").textValue();
        assertThat(api.upload(stored, SECRET).status()).isEqualTo(200);
        Answer read = another.post("/detokenize", user, Api.of(token));
        assertThat(another.download(read.data()).body()).isEqualTo(SECRET);
        assertThat(valid(another, token)).isTrue();
        Answer rekeyed = api.post("/token/rekey", application, Api.of(token));
        assertThat(rekeyed.status()).isEqualTo(200);
    }

    @Test
    void aTimeThatNoTokenCanHaveIsRefusedWithASentence() {
        badRequest("\"tomorrow\"", "The field expiresAt is not a time; write one like 2030-12-31T23:59:59Z.");
        badRequest("\"2020-01-01T00:00:00Z\"", "The time in expiresAt is not in the future; write a later one");
        badRequest("\"9999-12-31T23:59:59Z\"", "The time in expiresAt is more than 100 years ahead; write an earlier");
        badRequest("1924991999", "The field expiresAt must be a text.");
    }

    @Test
    void eachItemOfABatchHasItsOwnTime() {
        String items = "{\"items\":[{\"expiresAt\":\"2090-01-01T00:00:00+02:00\"},{\"expiresAt\":\"soon\"},{}]}";
        JsonNode results = api.post("/tokenize/batch", user, items).data().get("results");
        assertThat(results.get(0).get("success").booleanValue()).isTrue();
        assertThat(results.get(1).at("/error/name").textValue()).isEqualTo("badRequest");
        assertThat(results.get(2).get("success").booleanValue()).isTrue();
        try (var connection = vault.store.connection()) {
            assertThat(connection
                            .s3()
                            .listObjectsV2(list -> list.bucket("vault").prefix("expires/2089-12-31/"))
                            .contents())
                    .as("the day in UTC")
                    .hasSize(1);
        }
    }

    private static boolean valid(Api pod, String token) {
        String body = "{\"sessionId\":\"session-1\",\"tokenId\":\"" + token + "\"}";
        return pod.post("/grant/verify", application, body).data().get("valid").booleanValue();
    }

    private static JsonNode tokenize(Instant expires) {
        return api.post("/tokenize", user, "{\"expiresAt\":\"" + expires + "\"}")
                .data();
    }

    private static void badRequest(String json, String sentence) {
        Answer answer = api.post("/tokenize", user, "{\"expiresAt\":" + json + "}");
        RoutesTest.refused(answer, 400, "badRequest");
        assertThat(answer.json().at("/error/message").textValue()).startsWith(sentence);
    }
}
