package dev.lunasec.tokenizer.token;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The content of the object {@code records/<share>/<id>}: a header in clear text and a sealed body.
 *
 * @param share the number of the share that the outer layer is sealed with
 * @param created in whole seconds
 * @param expires in whole seconds; null for never
 * @param salt of the outer layer, 32 random bytes, new with every seal and rewrap
 * @param body the payload, sealed twice
 * @param inner the body without its outer layer, which only the token opens; null unless {@link
 *     RecordCipher#withOuterLayerOpened} has opened that layer. It is never written anywhere.
 */
@SuppressWarnings("JavaLangClash") // the name that the field, the bucket and the documentation have for it
public record Record(
        RecordId id,
        int share,
        Instant created,
        @Nullable Instant expires,
        byte[] salt,
        byte[] body,
        byte @Nullable [] inner) {
    /** The version of the format. */
    public static final int VERSION = 1;

    /** Bytes of the salt. */
    static final int SALT = 32;

    /** A record as it is stored. */
    public Record(RecordId id, int share, Instant created, @Nullable Instant expires, byte[] salt, byte[] body) {
        this(id, share, created, expires, salt, body, null);
    }

    /** Bytes of its layers in memory. */
    public int layerBytes() {
        return body.length + (inner == null ? 0 : inner.length);
    }

    /** Whether it has expired, so that nobody may read it any more. */
    public boolean expired(Instant now) {
        return expires != null && !now.isBefore(expires);
    }

    /** A duration from now on, shortened so that it ends when the record expires; not above zero if that is over. */
    public Duration shorten(Duration duration, Instant now) {
        if (expires == null) return duration;
        Duration left = Duration.between(now, expires);
        return left.compareTo(duration) < 0 ? left : duration;
    }

    /** Without the body. */
    @Override
    public String toString() {
        return "Record[" + id + ", share " + share + "]";
    }
}
