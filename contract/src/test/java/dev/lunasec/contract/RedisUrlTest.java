package dev.lunasec.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.RedisUrl.Cluster;
import dev.lunasec.contract.RedisUrl.Credentials;
import dev.lunasec.contract.RedisUrl.Host;
import dev.lunasec.contract.RedisUrl.Sentinel;
import dev.lunasec.contract.RedisUrl.Standalone;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each form of the URL of Redis is understood, and each mistake gets a sentence that says what to write. */
@Tag("pure")
class RedisUrlTest {
    @Test
    void oneHostIsOnePrimary() {
        assertThat(parse("redis://redis"))
                .isEqualTo(new RedisUrl(false, List.of(new Host("redis", 6379)), null, new Standalone(0)));
        assertThat(parse(" rediss://app:s%2Fe:c+r%40t@redis.example.com:6380/2\n"))
                .isEqualTo(new RedisUrl(
                        true,
                        List.of(new Host("redis.example.com", 6380)),
                        new Credentials("app", "s/e:c+r@t"),
                        new Standalone(2)));
        for (String text : List.of("redis://:secret@redis/", "redis://secret@redis")) {
            assertThat(parse(text).credentials()).as(text).isEqualTo(new Credentials(null, "secret"));
        }
    }

    @Test
    void severalHostsOrTheFlagAreARedisCluster() {
        assertThat(parse("redis://:secret@a:7000,b,10.0.0.1:7002"))
                .isEqualTo(new RedisUrl(
                        false,
                        List.of(new Host("a", 7000), new Host("b", 6379), new Host("10.0.0.1", 7002)),
                        new Credentials(null, "secret"),
                        new Cluster()));
        assertThat(parse("rediss://cluster.example.com?cluster=true").topology())
                .isEqualTo(new Cluster());
    }

    @Test
    void sentinelsHaveAPortAndAPasswordOfTheirOwn() {
        assertThat(parse("redis-sentinel://app:secret@a,b:5000/1"
                        + "?sentinelUsername=watch&sentinelPassword=p%26q#my-master"))
                .isEqualTo(new RedisUrl(
                        false,
                        List.of(new Host("a", 26379), new Host("b", 5000)),
                        new Credentials("app", "secret"),
                        new Sentinel("my-master", 1, new Credentials("watch", "p&q"))));
        assertThat(parse("rediss-sentinel://a#m"))
                .isEqualTo(new RedisUrl(true, List.of(new Host("a", 26379)), null, new Sentinel("m", 0, null)));
    }

    @Test
    void anAddressOfIPv6IsInBrackets() {
        assertThat(parse("redis://u:p@[2001:db8::1]:7000,[::1]").hosts())
                .containsExactly(new Host("2001:db8::1", 7000), new Host("::1", 6379));
        assertThat(parse("redis-sentinel://[::1]#m").hosts()).containsExactly(new Host("::1", 26379));
    }

    @Test
    void theServersThatSentinelsNameUsuallyHaveThePortOfRedis() {
        assertThat(parse("redis-sentinel://a:5000,b:5001#m").ports()).containsExactly(5000, 5001, 6379);
        assertThat(parse("redis://a:7000,b:7001,c:7000").ports()).containsExactly(7000, 7001);
        assertThat(parse("rediss://a:6380").ports()).containsExactly(6380);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://hunter2@redis                          | write redis://, rediss://, redis-sentinel:// or
            hunter2                                       | write redis://, rediss://, redis-sentinel:// or
            redis:hunter2                                 | write redis://, rediss://, redis-sentinel:// or
            redis+tls://:hunter2@redis                    | write redis://, rediss://, redis-sentinel:// or
            redis://                                      | write host:port
            redis://:hunter2@                             | write host:port
            redis://:hun/ter2@redis                       | write host:port
            redis://:hun#ter2@redis                       | write host:port
            redis://:hunter2@redis:99999                  | write host:port
            redis://:hunter2@redis:0                      | write host:port
            redis://:hunter2@a,,b                         | write host:port
            redis://:hunter2@2001:db8::1                  | with brackets around an IPv6 address
            redis://:hunter2@[2001:db8:::1]               | with brackets around an IPv6 address
            redis://:hun%ter2@redis                       | write %25 for a %
            redis://hunter2:@redis                        | write both, like user:password@host
            redis://:hunter2@redis/one                    | write its number after the /
            redis://:hunter2@redis/12345                  | write its number after the /
            redis://:hunter2@a,b/1                        | no Redis Cluster has; leave it out
            redis://:hunter2@a/1?cluster=true             | no Redis Cluster has; leave it out
            redis://:hunter2@redis?cluster=false          | write ?cluster=true
            redis://:hunter2@redis?timeout=5s             | write ?cluster=true
            redis://:hunter2@redis?verifyPeer=NONE        | write ?cluster=true
            redis://:hunter2@redis?cluster=true&cluster=true | write ?cluster=true
            redis-sentinel://a?cluster=true#m             | ?sentinelUsername=…&sentinelPassword=…
            redis-sentinel://a?sentinelUsername=hunter2#m | write both
            redis-sentinel://:hunter2@a                   | write its name at the end, like #mymaster
            redis-sentinel://:hunter2@a?sentinelMasterId=m | ?sentinelUsername=…&sentinelPassword=…
            redis-sentinel://:hunter2@a#                  | write its name at the end, like #mymaster
            redis-sentinel://:hunter2@a#my master         | write its name at the end, like #mymaster
            redis://:hunter2@redis#m                      | leave it out, and write %23
            """)
    void aMistakeGetsOneSentenceThatRepeatsNothing(String url, String advice) {
        assertThatThrownBy(() -> parse(url))
                .isInstanceOf(InvalidSettings.class)
                .hasNoCause()
                .hasMessageStartingWith("The Redis URL ")
                .hasMessageContaining(advice)
                .hasMessageMatching("[^.]+\\.")
                .message()
                .doesNotContain("hunter2", "ter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://redis", "redis://a,b", "redis-sentinel://a#m"})
    void anAuthorityNeedsTls(String url) {
        assertThatThrownBy(() -> RedisUrl.parse(url, "PEM"))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("write rediss:// or rediss-sentinel://");
        RedisUrl.parse(url.replaceFirst("redis", "rediss"), "PEM");
    }

    @Test
    void noPasswordIsInItsText() {
        assertThat(parse("redis-sentinel://u:hunter2@a?sentinelPassword=hunter2#m")
                        .toString())
                .contains("a", "26379")
                .doesNotContain("hunter2");
    }

    private static RedisUrl parse(String text) {
        return RedisUrl.parse(text, null);
    }
}
