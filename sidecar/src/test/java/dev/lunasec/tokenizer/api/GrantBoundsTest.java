package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import dev.lunasec.tokenizer.vault.Limits;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How many grants callers may set, and what they are told when it is one too many. */
@Tag("embedded")
class GrantBoundsTest {
    private static final byte[] SECRET = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);

    @AutoClose
    private static final TestVault vault = TestVault.started();

    private static final Api api = vault.api();
    private static final String user = vault.user();
    private static final String application = vault.application();

    private RedisClient client;
    private RedisCommands<String, String> redis;

    @BeforeEach
    void connect() {
        client = RedisClient.create(vault.redis.url());
        redis = client.connect().sync();
        redis.flushall();
    }

    @AfterEach
    void disconnect() {
        redis.configSet("maxmemory", "0");
        client.close();
    }

    @Test
    void anApplicationSetsNoMoreGrantsThanItMay() {
        String token = api.store(user, SECRET);
        redis.flushall();
        assertThat(grant(application, token).status()).isEqualTo(200);
        assertThat(live()).isEqualTo(1);
        count(99_999);
        refused(grant(application, token), 429, "tooManyGrants");
        // Another session of the same application is the same granter.
        refused(grant(vault.issuer.jwt("application", "another"), token), 429, "tooManyGrants");
        assertThat(api.post("/detokenize", user, Api.of(token)).status()).isEqualTo(200);
        assertThat(api.post("/tokenize", user, "{}").status()).isEqualTo(200);
    }

    @Test
    void aSessionTokenizesNoMoreThanItMay() {
        assertThat(api.post("/tokenize", user, "{}").status()).isEqualTo(200);
        count(4_999);
        refused(api.post("/tokenize", user, "{}"), 429, "tooManyGrants");
        assertThat(api.post("/tokenize", vault.issuer.jwt("user", "session-2"), "{}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aTokenizeThatIsRefusedForItsSizeCountsNoGrant() {
        refused(api.post("/tokenize", user, "{\"size\":1000000000000}"), 413, "tooLarge");
        String metadata = "x".repeat(Limits.METADATA);
        refused(api.post("/tokenize", user, "{\"metadata\":{\"a\":\"" + metadata + "\"}}"), 413, "tooLarge");
        assertThat(redis.keys("granter:*")).isEmpty();
    }

    @Test
    void aFullRedisRefusesGrantsAndStillReadsAndErases() {
        String token = api.store(user, SECRET);
        redis.configSet("maxmemory", "1");
        refused(grant(application, token), 503, "grantsFull");
        refused(api.post("/tokenize", user, "{}"), 503, "grantsFull");
        assertThat(api.post("/detokenize", user, Api.of(token)).status()).isEqualTo(200);
        assertThat(api.post("/token/erase", application, Api.of(token)).status())
                .isEqualTo(200);
        refused(api.post("/detokenize", user, Api.of(token)), 404, "unknownToken");
    }

    private static Answer grant(String jwt, String token) {
        return api.post("/grant/set", jwt, "{\"sessionId\":\"session-1\",\"tokenId\":\"" + token + "\"}");
    }

    /** Adds to the only count of grants that there is. */
    private void count(int more) {
        String granter = granter();
        redis.hincrby(granter, redis.hkeys(granter).getFirst(), more);
    }

    private long live() {
        return redis.hvals(granter()).stream().mapToLong(Long::parseLong).sum();
    }

    private String granter() {
        List<String> granters = redis.keys("granter:*");
        assertThat(granters).hasSize(1);
        return granters.getFirst();
    }
}
