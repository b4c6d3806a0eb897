package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.RedisAccess;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.testbed.EmbeddedSentinel;
import dev.lunasec.testbed.TcpRelay;
import dev.lunasec.testbed.TestAuthority;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import dev.lunasec.tokenizer.token.RecordId;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis behind TLS, with a certificate of an authority of its own. */
@Tag("embedded")
class RedisOverTlsTest {
    private static final RecordId RECORD = new RecordId("00112233445566778899aabbccddeeff");
    private static final TestAuthority authority = new TestAuthority("redis");
    private static final TestAuthority another = new TestAuthority("another");

    private static EmbeddedRedis redis;
    private static TcpRelay front;

    @BeforeAll
    static void start() {
        redis = new EmbeddedRedis();
        front = TcpRelay.overTls(authority, redis.port());
    }

    @AfterAll
    static void stop() {
        front.close();
        redis.close();
    }

    @Test
    void theRightAuthorityLetsGrantsThrough() {
        try (RedisGrants grants = new RedisGrants(url(front, "127.0.0.1"), authority.pem(), Duration.ofHours(1))) {
            grants.set("one", RECORD, new Grant(Direction.BOTH, Duration.ofMinutes(1), OptionalInt.empty()));
            assertThat(grants.verify("one", RECORD)).isTrue();
        }
    }

    @Test
    void noOtherAuthorityAndNoOtherNameDoes() throws Exception {
        unreachable(url(front, "127.0.0.1"), null);
        unreachable(url(front, "127.0.0.1"), another.pem());
        // The certificate is for 127.0.0.1.
        InetAddress elsewhere = InetAddress.getByName("127.0.0.2");
        try (TcpRelay ofAnotherName = TcpRelay.overTls(authority, elsewhere, redis.port())) {
            unreachable(url(ofAnotherName, "127.0.0.2"), authority.pem());
        }
    }

    @Test
    void sentinelAndPrimaryAreReachedOverTlsOfOneAuthority() {
        // This Sentinel cannot watch the primary behind TLS, but names it.
        try (EmbeddedSentinel sentinel = new EmbeddedSentinel(front.port(), RedisAccess.SENTINEL);
                TcpRelay beforeSentinel = TcpRelay.overTls(authority, sentinel.port())) {
            String url = sentinel.url("rediss-sentinel", beforeSentinel.port());
            try (RedisGrants grants = new RedisGrants(url, authority.pem(), Duration.ofHours(1))) {
                grants.set("two", RECORD, new Grant(Direction.BOTH, Duration.ofMinutes(1), OptionalInt.empty()));
                grants.use("two", RECORD);
                grants.revoke("two", null);
                assertThat(grants.verify("two", RECORD)).isFalse();
            }
            unreachable(url, another.pem());
        }
    }

    @Test
    void anAuthorityForAPlainRedisIsAMistake() {
        assertThatThrownBy(() -> new RedisGrants(redis.url(), authority.pem(), Duration.ofHours(1)))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("rediss://");
    }

    @Test
    void readinessSaysThatRedisIsNotReached(@TempDir Path folder) throws Exception {
        Path right = Files.writeString(folder.resolve("right.crt"), authority.pem());
        Path wrong = Files.writeString(folder.resolve("wrong.crt"), another.pem());
        try (TestVault vault = TestVault.in(Files.createDirectory(folder.resolve("wrong")))
                .redis(url(front, "127.0.0.1"), wrong)
                .start()) {
            Api management = new Api(vault.management());
            Answer ready = management.send(management.request("/readyz").GET());
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.json().at("/dependencies/redis/reason").textValue())
                    .isEqualTo("RedisUnreachable");
        }
        try (TestVault vault = TestVault.in(Files.createDirectory(folder.resolve("right")))
                .redis(url(front, "127.0.0.1"), right)
                .start()) {
            Api management = new Api(vault.management());
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            management.send(management.request("/readyz").GET()).status() == 200);
            assertThat(new Api(vault.url())
                            .post("/tokenize", vault.issuer.jwt("user", "session-1"), "{}")
                            .status())
                    .isEqualTo(200);
        }
    }

    private static void unreachable(String url, @Nullable String trustedCA) {
        try (RedisGrants grants = new RedisGrants(url, trustedCA, Duration.ofHours(1))) {
            assertThatThrownBy(grants::ping)
                    .isInstanceOfSatisfying(
                            CallFailed.class,
                            failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.GRANTS_UNAVAILABLE));
        }
    }

    private static String url(TcpRelay through, String host) {
        return redis.url().replace("redis://", "rediss://").replaceFirst("@.*", "@" + host + ":" + through.port());
    }
}
