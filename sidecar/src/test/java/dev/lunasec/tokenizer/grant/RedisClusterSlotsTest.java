package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A Redis Cluster refuses a script whose keys may be on different nodes. */
@Tag("embedded")
class RedisClusterSlotsTest {
    private static final RecordId RECORD = new RecordId("00112233445566778899aabbccddeeff");
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void theKeysOfEachScriptAreOnOneNode() {
        try (EmbeddedRedis redis = EmbeddedRedis.cluster();
                RedisGrants grants = new RedisGrants(redis.url(), null, HOUR)) {
            await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(grants::ping);
            grants.count(new Granter("granter", 9), HOUR);
            grants.set("a", RECORD, new Grant(Direction.BOTH, HOUR, OptionalInt.of(2)));
            assertThat(grants.verify("a", RECORD)).isTrue();
            grants.use("a", RECORD);
            grants.check("a", RECORD);
            grants.revoke("a", RECORD);
            grants.revoke("a", null);
            grants.revoke(null, RECORD);
            assertThat(grants.verify("a", RECORD)).isFalse();
            Instant now = Instant.ofEpochSecond(100);
            assertThat(grants.erase(RECORD, now, HOUR)).isEqualTo(now);
            assertThat(grants.logins().take(grants.logins().begin("shop"), "shop"))
                    .isTrue();
        }
    }
}
