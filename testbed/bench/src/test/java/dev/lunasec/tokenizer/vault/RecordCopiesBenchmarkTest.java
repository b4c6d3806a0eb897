package dev.lunasec.tokenizer.vault;

import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.grant.Grant;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.vault.StoreAndRedis.Pod;
import dev.lunasec.tokenizer.vault.Vault.NewToken;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Prints how long Redis takes for the scripts of a grant, and for those of a copy of a record. It is in the package
 * whose classes it uses. {@code .ci/bench} measures what copies bring.
 */
@Tag("stores")
class RecordCopiesBenchmarkTest {
    private static final int TOKENS = 120;
    private static final Keyring KEYRING = TestKeyring.of(1, 1);
    private static final String MAKER = "a".repeat(32);
    private static final String READER = "b".repeat(32);
    private static final Caller CALLER = new Caller(Kind.USER, "", "", "shop", "session", Set.of());
    private static final Grant GRANT = new Grant(Direction.READ, Duration.ofHours(1), OptionalInt.empty());
    private static final String SEALED = "x".repeat(351);

    /** How long Redis takes for one script. */
    private static final Pattern SCRIPT = Pattern.compile("cmdstat_evalsha:.*usec_per_call=([0-9.]+)");

    @Test
    void ofTheScripts() {
        // The store has no part in it, so one run is enough.
        if (System.getenv("S3_ENDPOINT") != null) return;
        try (StoreAndRedis parts = new StoreAndRedis();
                RedisClient client = RedisClient.create(parts.redis.url())) {
            RedisCommands<String, String> redis = client.connect().sync();
            redis.configSet("maxmemory", "1gb");
            Pod pod = parts.pod(KEYRING, parts.connection.s3(), false);
            List<IdentifiedToken> tokens = new ArrayList<>();
            for (int i = 0; i < TOKENS; i++) tokens.add(granted(pod));
            System.out.println("Redis: " + scripts(parts, redis, tokens));
        }
    }

    /** The time that Redis takes for each script, in microseconds. */
    private static String scripts(
            StoreAndRedis parts, RedisCommands<String, String> redis, List<IdentifiedToken> tokens) {
        double copy = micros(redis, tokens, token -> parts.grants.copy(READER, token.recordId(), SEALED));
        double set = micros(redis, tokens, token -> parts.grants.set(READER, token.recordId(), GRANT));
        double use = micros(redis, tokens, token -> parts.grants.use(READER, token.recordId()));
        double useWithCopy = micros(redis, tokens, token -> parts.grants.useWithCopy(READER, token.recordId()));
        return ("%.1f µs to write a copy, %.1f µs for each of the two scripts that set a grant,"
                        + " %.1f µs for a use that reads it, %.1f µs for one that does not")
                .formatted(copy, set, useWithCopy, use);
    }

    private interface Step {
        void of(IdentifiedToken token);
    }

    private static double micros(RedisCommands<String, String> redis, List<IdentifiedToken> tokens, Step step) {
        redis.configResetstat();
        for (IdentifiedToken token : tokens) step.of(token);
        Matcher took = SCRIPT.matcher(redis.info("commandstats"));
        if (!took.find()) throw new IllegalStateException("Redis ran no script");
        return Double.parseDouble(took.group(1));
    }

    private static IdentifiedToken granted(Pod pod) {
        NewToken made = pod.vault().begin(CALLER, MAKER, new byte[0], OptionalLong.empty(), null);
        pod.vault().store(made);
        pod.vault().grant(READER, made.token(), Direction.READ, Optional.empty(), OptionalInt.empty());
        return made.token();
    }
}
