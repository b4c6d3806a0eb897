package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.RedisAccess;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.token.RecordId;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The user of the tokenizer in Redis has the commands that the tokenizer uses, and no other, as the managed Redis sets
 * it up.
 */
@Tag("embedded")
@Tag("redis")
class RedisAccessTest {
    private static final RecordId RECORD = new RecordId("00112233445566778899aabbccddeeff");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** A command that was executed, and none that Redis refused. */
    private static final Pattern EXECUTED = Pattern.compile("cmdstat_([a-z|]+):calls=[1-9]");

    private EmbeddedRedis redis;
    private RedisClient client;
    private RedisCommands<String, String> administrator;

    @BeforeEach
    void restrict() {
        redis = new EmbeddedRedis();
        redis.command("CONFIG", "SET", "maxmemory", "1gb");
        redis.command("ACL", "SETUSER", "administrator", "on", "nopass", "~*", "&*", "+@all");
        redis.command("ACL", arguments("SETUSER default resetkeys " + RedisAccess.RULES));
        client = RedisClient.create(redis.url().replace("//:embedded@", "//administrator:any@"));
        administrator = client.connect().sync();
        administrator.configResetstat();
    }

    @AfterEach
    void stop() {
        client.close();
        redis.close();
    }

    @Test
    void everythingThatTheTokenizerDoesIsAllowedAndNothingElse() throws Exception {
        try (RedisGrants grants = new RedisGrants(redis.url(), null, MINUTE)) {
            everything(grants);
        }
        Set<String> used = EXECUTED.matcher(administrator.info("commandstats"))
                .results()
                .map(MatchResult::group)
                .map(line -> line.replaceFirst("cmdstat_([a-z]+).*", "$1"))
                .filter(command -> !command.equals("config"))
                .collect(Collectors.toSet());
        Set<String> allowed = Arrays.stream(RedisAccess.COMMANDS.split(" "))
                .map(rule -> rule.substring(1))
                .collect(Collectors.toSet());
        assertThat(used).isEqualTo(allowed);
    }

    @Test
    void aURLWithADatabaseNeedsOneRightMore() throws Exception {
        try (RedisGrants grants = new RedisGrants(redis.url() + "/1", null, MINUTE)) {
            assertThatThrownBy(grants::ping)
                    .isInstanceOfSatisfying(
                            CallFailed.class,
                            failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.GRANTS_UNAVAILABLE));
            CommandArgs<String, String> rights = new CommandArgs<>(StringCodec.UTF8)
                    .add("SETUSER")
                    .add("default")
                    .add(RedisAccess.DATABASE);
            administrator.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), rights);
            everything(grants);
        }
        assertThat(administrator.info("keyspace")).contains("db1:").doesNotContain("db0:");
    }

    @Test
    void whoeverReadsTheURLOfTheTokenizerCannotListEraseOrConfigure() {
        try (RedisClient thief = RedisClient.create(redis.url())) {
            RedisCommands<String, String> commands = thief.connect().sync();
            for (Runnable attempt : new Runnable[] {
                () -> commands.keys("*"),
                commands::scan,
                commands::flushall,
                () -> commands.configSet("maxmemory", "0"),
                commands::aclList,
                () -> commands.replicaof("127.0.0.1", 1),
                () -> commands.set("another", "key"),
                () -> commands.publish("channel", "message")
            }) {
                assertThatThrownBy(attempt::run)
                        .isInstanceOf(RedisCommandExecutionException.class)
                        .hasMessageStartingWith("NOPERM");
            }
        }
    }

    /** Every method, and every branch of every script. */
    private static void everything(RedisGrants grants) throws Exception {
        grants.ping();
        assertThat(grants.memoryRatio()).isLessThan(0.5);
        Granter granter = new Granter("granter", 9);
        grants.count(granter, Duration.ofMillis(1));
        grants.count(granter, MINUTE);
        grants.set("one", RECORD, new Grant(Direction.READ, MINUTE, OptionalInt.empty()));
        grants.use("one", RECORD);
        assertThat(grants.copy("one", RECORD, "sealed")).isTrue();
        assertThat(grants.useWithCopy("one", RECORD).copy()).isEqualTo("sealed");
        grants.set("one", RECORD, new Grant(Direction.READ, MINUTE, OptionalInt.of(1)));
        grants.check("one", RECORD);
        assertThat(grants.verify("one", RECORD)).isTrue();
        grants.use("one", RECORD);
        assertThat(grants.verify("one", RECORD)).isFalse();
        grants.set("one", RECORD, new Grant(Direction.READ, MINUTE, OptionalInt.empty()));
        grants.revoke("one", RECORD);
        grants.revoke(null, RECORD);
        grants.revoke("one", null);
        assertThat(grants.verify("one", RECORD)).isFalse();
        grants.requireNotErased(RECORD);
        grants.set("one", RECORD, new Grant(Direction.STORE, MINUTE, OptionalInt.empty()));
        grants.checkStore("one", RECORD);
        grants.erase(RECORD, Instant.ofEpochSecond(100), MINUTE);
        grants.erase(RECORD, Instant.ofEpochSecond(100), MINUTE);
        assertThatThrownBy(() -> grants.use("one", RECORD)).isInstanceOf(CallFailed.class);
        assertThatThrownBy(() -> grants.use("two", RECORD)).isInstanceOf(CallFailed.class);
        assertThatThrownBy(() -> grants.checkStore("two", RECORD)).isInstanceOf(CallFailed.class);
        assertThatThrownBy(() -> grants.requireNotErased(RECORD)).isInstanceOf(CallFailed.class);
        LoginStates states = grants.logins();
        assertThat(states.take(states.begin("shop"), "shop")).isTrue();
        FrameCodes codes = grants.codes();
        assertThat(codes.take("one", codes.begin("one", "nonce"), "nonce")).isTrue();
    }

    private static String[] arguments(String line) {
        return line.split(" ");
    }
}
