package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.RedisUrl;
import dev.lunasec.testbed.EmbeddedRedis;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How many writes to the socket the commands of several callers take. */
@Tag("embedded")
class RedisWritesTest {
    private static final int COMMANDS = 200;

    /** How often Redis has read from any socket. */
    private static final Pattern READS = Pattern.compile("total_reads_processed:([0-9]+)");

    /** The commands come while the thread that sends them is busy, as it is under load. */
    @Test
    void commandsThatWaitAtTheSameTimeLeaveTogether() throws Exception {
        try (EmbeddedRedis redis = new EmbeddedRedis()) {
            RedisUrl url = RedisUrl.parse(redis.url(), null);
            try (RedisClients clients = new RedisClients(url, null)) {
                StatefulRedisConnection<String, String> connection =
                        clients.client(true).connect(clients.server(url.hosts().getFirst(), 0));
                RedisAsyncCommands<String, String> commands = connection.async();
                String before = RedisClients.await(commands.info("stats"));
                CompletableFuture<Void> begun = new CompletableFuture<>();
                CompletableFuture<Void> queued = new CompletableFuture<>();
                // Sent only when there is what follows its answer, so the thread that reads the answer does that.
                connection.setAutoFlushCommands(false);
                CompletableFuture<Void> busy = commands.ping()
                        .toCompletableFuture()
                        .thenAccept(pong -> {
                            begun.complete(null);
                            queued.orTimeout(30, TimeUnit.SECONDS).join();
                        });
                connection.flushCommands();
                connection.setAutoFlushCommands(true);
                begun.get(30, TimeUnit.SECONDS);
                List<RedisFuture<String>> sent = new ArrayList<>();
                for (int i = 0; i < COMMANDS; i++) sent.add(commands.get("key"));
                queued.complete(null);
                busy.get(30, TimeUnit.SECONDS);
                for (RedisFuture<String> answer : sent)
                    assertThat(answer.get(30, TimeUnit.SECONDS)).isNull();
                String after = RedisClients.await(commands.info("stats"));
                assertThat(reads(after) - reads(before)).isLessThan(10);
            }
        }
    }

    private static long reads(String stats) {
        Matcher reads = READS.matcher(stats);
        assertThat(reads.find()).as(stats).isTrue();
        return Long.parseLong(reads.group(1));
    }
}
