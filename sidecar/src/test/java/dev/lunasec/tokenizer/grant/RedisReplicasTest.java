package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class RedisReplicasTest {
    @Test
    void aRedisThatDoesNotTellHowManyReplicasItHasIsNotBelievedToHaveNone() {
        assertThat(RedisReplicas.connected("# Replication\r\nrole:master\r\nconnected_slaves:2\r\nslave0:x\r\n"))
                .hasValue(2);
        assertThat(RedisReplicas.connected("connected_slaves:0\r\n")).hasValue(0);
        for (String silent : new String[] {"", "role:master\r\n", "connected_slaves:\r\n", "connected_slaves:x\r\n"}) {
            assertThat(RedisReplicas.connected(silent)).isEmpty();
        }
    }
}
