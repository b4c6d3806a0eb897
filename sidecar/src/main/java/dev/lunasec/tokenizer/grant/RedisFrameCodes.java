package dev.lunasec.tokenizer.grant;

/**
 * The codes of frames, in one Redis hash for each application. The hash is the same as that of the logins, with the
 * nonce of the frame in the place of the issuer.
 */
final class RedisFrameCodes implements FrameCodes {
    /** The places of an application. All of them take about 3 MB in Redis. */
    static final int PLACES = 16_384;

    private final RedisConnection redis;

    RedisFrameCodes(RedisConnection redis) {
        this.redis = redis;
    }

    @Override
    public String begin(String application, String nonce) {
        return of(application).begin(nonce);
    }

    @Override
    public boolean take(String application, String id, String nonce) {
        return of(application).take(id, nonce);
    }

    private LoginStates of(String application) {
        return new RedisLoginStates(redis, RedisKeys.codes(application), LIFETIME, PLACES);
    }
}
