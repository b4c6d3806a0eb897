package dev.lunasec.tokenizer.grant;

import dev.lunasec.runtime.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The states of logins in one Redis hash, which has a fixed number of places. A state is its place and a random part.
 * Redis has only a hash of the random part and the issuer, so what is read from Redis is no state.
 */
final class RedisLoginStates implements LoginStates {
    /** The places. All of them take about 3 MB in Redis. */
    static final int PLACES = 16_384;

    private static final RedisScript BEGIN = RedisScript.load("begin-login");
    private static final RedisScript TAKE = RedisScript.load("take-login");
    private static final Pattern STATE = Pattern.compile("(\\d{1,5})\\.([A-Za-z0-9_-]{43})");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final RedisConnection redis;
    private final String key;
    private final Duration lifetime;
    private final int places;

    /**
     * The states in a Redis.
     *
     * @param lifetime of a state
     * @param places the most states at the same time
     */
    RedisLoginStates(RedisConnection redis, Duration lifetime, int places) {
        this(redis, RedisKeys.LOGINS, lifetime, places);
    }

    /** @param key of the hash */
    RedisLoginStates(RedisConnection redis, String key, Duration lifetime, int places) {
        this.redis = redis;
        this.key = key;
        this.lifetime = lifetime;
        this.places = places;
    }

    @Override
    public String begin(String issuer) {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        String random = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        String[] keys = {key};
        long place = redis.run(
                BEGIN, keys, hash(random, issuer), Long.toString(lifetime.toMillis()), Integer.toString(places));
        return place + "." + random;
    }

    @Override
    public boolean take(String state, String issuer) {
        Matcher parts = STATE.matcher(state);
        if (!parts.matches()) return false;
        return redis.run(TAKE, new String[] {key}, parts.group(1), hash(parts.group(2), issuer)) == 1;
    }

    /** The random part has a fixed length, so no two pairs give the same text. */
    private static String hash(String random, String issuer) {
        return HexFormat.of().formatHex(Sha256.of((random + issuer).getBytes(StandardCharsets.UTF_8)));
    }
}
