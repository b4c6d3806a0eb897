package dev.lunasec.tokenizer.token;

import static dev.lunasec.tokenizer.token.Crypto.canonical;
import static dev.lunasec.tokenizer.token.Crypto.utf8;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Seals and opens records. The inner layer needs the token, the outer one the service's share: neither side opens a
 * record alone. The outer layer can be replaced without the token, so a rotation reaches every record.
 */
public final class RecordCipher {
    private static final byte[] INNER = utf8("lunasec.dev/inner/v1");
    private static final String OUTER_LABEL = "lunasec.dev/outer/v1";
    private static final byte[] OUTER = utf8(OUTER_LABEL);

    private final Keyring keyring;

    public RecordCipher(Keyring keyring) {
        this.keyring = keyring;
    }

    /** Seals a payload under the token and the primary share. */
    public Record seal(Token token, Payload payload, Instant created, @Nullable Instant expires) {
        RecordId id = keyring.recordId(token);
        byte[] inner = Crypto.seal(innerKey(token, id), innerHeader(id, created, expires), encode(payload));
        return sealOuter(id, keyring.primary(), created, expires, Crypto.random(Record.SALT), inner);
    }

    /**
     * Opens a record.
     *
     * @throws UnreadableRecord when the token, the share, the header or the body is not the one that it was sealed with
     */
    public Payload open(Token token, Record record) {
        return open(token, keyring.recordId(token), record);
    }

    /**
     * Opens a record for a caller that knows the id of the token already.
     *
     * @param id what {@link Keyring#recordId} names for the token
     * @throws UnreadableRecord as {@link #open(Token, Record)} does
     */
    public Payload open(Token token, RecordId id, Record record) {
        if (!id.equals(record.id())) throw new UnreadableRecord("it belongs to another token");
        byte[] header = innerHeader(record.id(), record.created(), record.expires());
        return decode(Crypto.open(innerKey(token, record.id()), header, openOuter(record)));
    }

    /**
     * The same record under the primary share: only the outer layer is new.
     *
     * @throws UnreadableRecord when the outer layer does not open
     */
    public Record rewrap(Record record) {
        byte[] salt = Crypto.random(Record.SALT);
        return sealOuter(record.id(), keyring.primary(), record.created(), record.expires(), salt, openOuter(record));
    }

    /**
     * The same record with its outer layer opened, for a cache: each {@link #open} of it then opens the inner layer
     * alone. It opens only with a keyring that holds the share of the record. If the layer does not open, the result is
     * the unchanged record, and {@link #open} says why.
     */
    public Record withOuterLayerOpened(Record record) {
        try {
            return new Record(
                    record.id(),
                    record.share(),
                    record.created(),
                    record.expires(),
                    record.salt(),
                    record.body(),
                    openOuter(record));
        } catch (UnreadableRecord e) {
            return record;
        }
    }

    /**
     * Opens the outer layer alone, which needs no token.
     *
     * @throws UnreadableRecord when the share, the header or the body is not the one that it was sealed with
     */
    public void openOuterLayer(Record record) {
        byte[] unused = openOuter(record);
    }

    private Record sealOuter(
            RecordId id, int share, Instant created, @Nullable Instant expires, byte[] salt, byte[] inner) {
        byte[] header = outerHeader(id, share, created, expires, salt);
        return new Record(
                id,
                share,
                created,
                expires,
                salt,
                Crypto.seal(outerKey(keyring.share(share), salt, id), header, inner));
    }

    private byte[] openOuter(Record record) {
        byte[] share = keyring.share(record.share());
        byte[] inner = record.inner();
        if (inner != null) return inner;
        byte[] header = outerHeader(record.id(), record.share(), record.created(), record.expires(), record.salt());
        return Crypto.open(outerKey(share, record.salt(), record.id()), header, record.body());
    }

    private static byte[] innerKey(Token token, RecordId id) {
        return Crypto.hkdf(token.bytes(), utf8(id.hex()), INNER, Crypto.KEY);
    }

    private static byte[] outerKey(byte[] share, byte[] salt, RecordId id) {
        return Crypto.hkdf(share, salt, utf8(OUTER_LABEL + id.hex()), Crypto.KEY);
    }

    /** The associated data of the inner layer: the part of the header that a rewrap does not change. */
    private static byte[] innerHeader(RecordId id, Instant created, @Nullable Instant expires) {
        return canonical(INNER, number(Record.VERSION), utf8(id.hex()), time(created), time(expires));
    }

    /** The associated data of the outer layer: the whole header. */
    private static byte[] outerHeader(RecordId id, int share, Instant created, @Nullable Instant expires, byte[] salt) {
        return canonical(
                OUTER, number(Record.VERSION), utf8(id.hex()), number(share), time(created), time(expires), salt);
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** Seconds since 1970 in 8 bytes; no bytes for a time that is not set. */
    private static byte[] time(@Nullable Instant time) {
        return time == null
                ? new byte[0]
                : ByteBuffer.allocate(8).putLong(time.getEpochSecond()).array();
    }

    /** key (32) | size + 1 (8), 0 for unknown | creator, behind its length (4) | metadata, up to the end. */
    private static byte[] encode(Payload payload) {
        byte[] creator = utf8(payload.creator());
        return ByteBuffer.allocate(Crypto.KEY + 8 + 4 + creator.length + payload.metadata().length)
                .put(payload.dek())
                .putLong(payload.size().isPresent() ? payload.size().getAsLong() + 1 : 0)
                .putInt(creator.length)
                .put(creator)
                .put(payload.metadata())
                .array();
    }

    private static Payload decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte[] dek = new byte[Crypto.KEY];
        in.get(dek);
        long size = in.getLong();
        byte[] creator = new byte[in.getInt()];
        in.get(creator);
        byte[] metadata = new byte[in.remaining()];
        in.get(metadata);
        return new Payload(
                dek,
                metadata,
                size == 0 ? OptionalLong.empty() : OptionalLong.of(size - 1),
                new String(creator, StandardCharsets.UTF_8));
    }
}
