package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A vault with copies of records in Redis: one pod stores a value, and another one reads it. */
@Tag("embedded")
class RecordCopiesOfTwoPodsTest {
    private static final byte[] SECRET = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);

    @AutoClose
    private static final TestVault vault =
            TestVault.inOwnFolder().recordCopies().start();

    @AutoClose
    private static final RedisClient client = RedisClient.create(vault.redis.url());

    @Test
    void aValueIsReadByItsCopyUntilItsTokenIsErased() {
        RedisCommands<String, String> redis = client.connect().sync();
        Api another = new Api(vault.anotherPod());
        Api api = vault.api();
        String token = another.store(vault.user(), SECRET);
        await().until(() -> redis.keys("copy:*").size() == 1);
        Answer read = api.post("/detokenize", vault.user(), Api.of(token));
        assertThat(api.download(read.data()).body()).isEqualTo(SECRET);
        Api management = new Api(vault.management());
        assertThat(management.send(management.request("/metrics").GET()).text())
                .contains("tokenizer_record_copies_total{result=\"used\"} 1.0");
        assertThat(another.post("/token/erase", vault.application(), Api.of(token))
                        .status())
                .isEqualTo(200);
        assertThat(redis.keys("copy:*")).isEmpty();
        refused(api.post("/detokenize", vault.user(), Api.of(token)), 404, "unknownToken");
    }
}
