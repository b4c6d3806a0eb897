package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lunasec.tokenizer.grant.InterferingRelay;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches, against a real store and a real Redis. */
@Tag("embedded")
class BatchTest {
    private static final int MOST = 100;

    @TempDir
    static Path folder;

    private static InterferingRelay relay;
    private static TestVault vault;
    private static Api api;
    private static String user;
    private static String application;

    @BeforeAll
    static void start() {
        // Leads nowhere until the vault has its Redis.
        relay = new InterferingRelay(0);
        vault = TestVault.in(folder)
                .redisBehind(redis -> {
                    relay.lead(redis);
                    return relay.port();
                })
                .start();
        api = new Api(vault.url());
        user = vault.issuer.jwt("user", "session-1");
        application = vault.issuer.jwt("application", "");
    }

    @AfterAll
    static void stop() {
        vault.close();
        relay.close();
    }

    @Test
    void aHundredTokensAreMadeGrantedReadAndErasedInOrder() {
        List<JsonNode> made = results("/tokenize/batch", user, Collections.nCopies(MOST, "{\"size\":3}"));
        for (int i = 0; i < MOST; i++) {
            assertThat(api.upload(made.get(i).get("data"), value(i)).status()).isEqualTo(200);
        }
        List<String> tokens = made.stream()
                .map(result -> result.at("/data/tokenId").textValue())
                .toList();
        assertThat(tokens).doesNotHaveDuplicates();

        List<String> grants = tokens.stream().map(BatchTest::friend).toList();
        assertThat(codes("/grant/set/batch", application, grants)).containsOnly("ok");
        assertThat(results("/grant/verify/batch", application, grants))
                .allMatch(result -> result.at("/data/valid").booleanValue());

        String friend = vault.issuer.jwt("user", "friend");
        List<JsonNode> read = results(
                "/detokenize/batch", friend, tokens.stream().map(Api::of).toList());
        for (int i = 0; i < MOST; i++) {
            assertThat(api.download(read.get(i).get("data")).body()).isEqualTo(value(i));
        }
        List<String> erased = tokens.subList(0, 10).stream().map(Api::of).toList();
        assertThat(results("/token/erase/batch", application, erased))
                .allMatch(result -> result.at("/data/receipt").textValue().matches("[^.]+\\.[^.]+\\.[^.]+"));
        assertThat(codes("/detokenize/batch", friend, erased)).containsOnly("unknownToken");
        assertThat(codes("/detokenize/batch", friend, List.of(Api.of(tokens.get(10)))))
                .containsOnly("ok");
    }

    @Test
    void eachItemIsCheckedAsASingleCallAndFailsAlone() {
        String token = api.store(user, value(1));
        String other = Api.unknownToken();
        assertThat(codes(
                        "/detokenize/batch",
                        user,
                        List.of(Api.of(token), Api.of(other), "{}", "[]", "null", Api.of("x"))))
                .containsExactly("ok", "noGrant", "badRequest", "badRequest", "badRequest", "malformedToken");
        assertThat(codes(
                        "/grant/set/batch",
                        application,
                        List.of(
                                friend(token),
                                friend(token).replace("}", ",\"customDuration\":\"2h\"}"),
                                friend(token).replace("}", ",\"uses\":0}"))))
                .containsExactly("ok", "badDuration", "badRequest");
        String deep = "{\"metadata\":" + "{\"a\":".repeat(14) + "1" + "}".repeat(14) + "}";
        assertThat(api.post("/tokenize", user, deep).status()).isEqualTo(200);
        assertThat(codes(
                        "/tokenize/batch",
                        user,
                        List.of(deep, "{\"metadata\":{\"x\":\"" + "y".repeat(17_000) + "\"}}", "{\"size\":-1}")))
                .containsExactly("ok", "tooLarge", "badRequest");
    }

    @Test
    void aGrantForOneUseIsGoodForOneItem() {
        String token = api.store(user, value(1));
        String grant = friend(token).replace("}", ",\"uses\":1}");
        assertThat(codes("/grant/set/batch", application, List.of(grant))).containsExactly("ok");
        List<String> codes =
                codes("/detokenize/batch", vault.issuer.jwt("user", "friend"), Collections.nCopies(20, Api.of(token)));
        assertThat(codes).hasSize(20).containsOnlyOnce("ok");
        assertThat(codes.stream().filter(code -> code.equals("noGrant"))).hasSize(19);
    }

    /** Redis has the commands of all items before the pod has any answer. */
    @Test
    void allItemsAskRedisInOneRoundTrip() throws Exception {
        List<String> tokens = results("/tokenize/batch", user, Collections.nCopies(MOST, "{}")).stream()
                .map(made -> Api.of(made.at("/data/tokenId").textValue()))
                .toList();
        // From now on Redis has the script.
        assertThat(codes("/detokenize/batch", user, tokens)).containsOnly("ok");
        try (RedisClient client = RedisClient.create(vault.redis.url())) {
            RedisCommands<String, String> administrator = client.connect().sync();
            administrator.configResetstat();
            relay.hold();
            CompletableFuture<List<String>> batch = CompletableFuture.supplyAsync(
                    () -> codes("/detokenize/batch", user, tokens), Thread::startVirtualThread);
            try {
                // The pod waits two seconds for Redis.
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> calls(administrator, "getex") == MOST);
                assertThat(calls(administrator, "evalsha")).isGreaterThanOrEqualTo(MOST);
                assertThat(batch).isNotDone();
            } finally {
                relay.release();
            }
            assertThat(batch.get(30, TimeUnit.SECONDS)).containsOnly("ok");
            assertThat(calls(administrator, "getex")).isEqualTo(MOST);
        }
    }

    @Test
    void aBatchItselfIsRefusedForItsBodyAndItsCaller() {
        for (String body :
                List.of("{}", "{\"items\":[]}", "{\"items\":{}}", "{\"items\":\"x\"}", "[]", "{\"items\":null}")) {
            refused(api.post("/detokenize/batch", user, body), 400, "badRequest");
        }
        String tooMany = body(Collections.nCopies(MOST + 1, "{}"));
        refused(api.post("/detokenize/batch", user, tooMany), 400, "badRequest");
        refused(api.post("/grant/set/batch", user, body(List.of("{}"))), 403, "notAllowed");
        refused(api.post("/token/erase/batch", user, body(List.of("{}"))), 403, "notAllowed");
        String large = body(Collections.nCopies(MOST, "{\"x\":\"" + "y".repeat(3_000) + "\"}"));
        refused(api.post("/tokenize/batch", user, large), 413, "tooLarge");
        String fits = body(Collections.nCopies(MOST, "{\"metadata\":{\"x\":\"" + "y".repeat(2_000) + "\"}}"));
        assertThat(api.post("/tokenize/batch", user, fits).status()).isEqualTo(200);
    }

    private static List<JsonNode> results(String path, String jwt, List<String> items) {
        Answer answer = api.post(path, jwt, body(items));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<JsonNode> results = new ArrayList<>();
        answer.data().get("results").forEach(results::add);
        assertThat(results).hasSameSizeAs(items);
        return results;
    }

    /** For each item {@code ok}, or the code of its failure. */
    private static List<String> codes(String path, String jwt, List<String> items) {
        return results(path, jwt, items).stream()
                .map(result -> result.at("/error/name").asText("ok"))
                .map(code -> code.isEmpty() ? "ok" : code)
                .toList();
    }

    /** How many commands of a name Redis has had. */
    private static int calls(RedisCommands<String, String> administrator, String command) {
        Matcher calls =
                Pattern.compile("cmdstat_" + command + ":calls=(\\d+),").matcher(administrator.info("commandstats"));
        return calls.find() ? Integer.parseInt(calls.group(1)) : 0;
    }

    private static String body(List<String> items) {
        return items.stream().collect(Collectors.joining(",", "{\"items\":[", "]}"));
    }

    private static String friend(String token) {
        return "{\"sessionId\":\"friend\",\"tokenId\":\"" + token + "\"}";
    }

    private static byte[] value(int number) {
        return "%03d".formatted(number).getBytes(StandardCharsets.UTF_8);
    }
}
