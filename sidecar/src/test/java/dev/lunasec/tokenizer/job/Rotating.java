package dev.lunasec.tokenizer.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.s3.S3Connection;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.BucketListing;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.store.S3Records;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.testing.VaultBucket;
import dev.lunasec.tokenizer.token.ErasureClaims;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.ObjectName;
import dev.lunasec.tokenizer.token.Payload;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.Token;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

/** A vault in the midst of a rotation, in a real store: records of share 1, and a keyring whose primary share is 2. */
final class Rotating implements AutoCloseable, BeforeEachCallback, AfterAllCallback {
    static final Keyring BEFORE = TestKeyring.of(1, 1);
    static final Keyring KEYRING = TestKeyring.of(2, 1, 2);
    static final Keyring AFTER = TestKeyring.of(2, 2);

    final VaultBucket store = new VaultBucket();
    private final S3Connection connection = store.connection();
    final Bucket bucket = Bucket.of(connection);
    private final Map<Token, byte[]> keys = new LinkedHashMap<>();

    S3Client s3() {
        return connection.s3();
    }

    /** The bucket by way of another client. */
    static Bucket by(S3Client s3) {
        return new Bucket(s3, VaultBucket.NAME);
    }

    /** A token with a record under share 1. */
    Token token() {
        return token(null);
    }

    /** The same with a time when it expires. */
    Token token(@Nullable Instant expires) {
        Token token = Token.random();
        Payload payload = Payload.withNewKey(new byte[0], OptionalLong.empty(), "");
        Record record = new RecordCipher(BEFORE).seal(token, payload, Instant.ofEpochSecond(1_767_225_600), expires);
        new S3Records(bucket, BEFORE).put(record, BEFORE.objectName(token));
        keys.put(token, payload.dek());
        return token;
    }

    /** Claims of an erasure of a record, whose object has the same name. */
    static ErasureClaims erased(RecordId id) {
        return new ErasureClaims(
                KEYRING.vaultId(), id, new ObjectName(id.hex()), Instant.ofEpochSecond(1), List.of(1, 2));
    }

    /** Puts the erasure marker of a record, with these claims. */
    void mark(RecordId id) {
        new S3ErasureMarkers(bucket, KEYRING).put(erased(id));
    }

    /** Puts an object of which only the name matters. */
    void put(String key) {
        bucket.put(key, new byte[1], "text/plain");
    }

    static RecordId id(Token token) {
        return KEYRING.recordId(token);
    }

    /** A token whose record was overwritten. */
    Token unreadable() {
        Token token = token();
        keys.remove(token);
        bucket.put(Layout.record(1, id(token)), damage(token), "text/plain");
        return token;
    }

    static byte[] damage(Token token) {
        return ("no record of " + id(token)).getBytes(StandardCharsets.UTF_8);
    }

    /** Every token reads with this keyring, through a new cipher, and has the key that it was made with. */
    void allRead(Keyring keyring) {
        S3Records records = new S3Records(bucket, keyring);
        keys.forEach((token, key) -> assertThat(records.find(id(token)))
                .as("%s", id(token))
                .hasValueSatisfying(record -> assertThat(
                                new RecordCipher(keyring).open(token, record).dek())
                        .isEqualTo(key)));
    }

    /** The keys of all objects under a prefix. */
    List<String> all(String prefix) {
        List<String> all = new ArrayList<>();
        List<BucketListing.Listed> page = bucket.listing().objects(prefix, "");
        while (!page.isEmpty()) {
            page.forEach(object -> all.add(object.key()));
            page = bucket.listing().objects(prefix, all.get(all.size() - 1));
        }
        return all;
    }

    /** Forgets all tokens and empties the bucket. */
    void clear() {
        keys.clear();
        for (List<BucketListing.Listed> page = page(); !page.isEmpty(); page = page()) {
            List<ObjectIdentifier> keys = page.stream()
                    .map(object -> ObjectIdentifier.builder().key(object.key()).build())
                    .toList();
            s3().deleteObjects(delete -> delete.bucket(VaultBucket.NAME).delete(some -> some.objects(keys)));
        }
    }

    private List<BucketListing.Listed> page() {
        return bucket.listing().objects("", "");
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        clear();
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        close();
    }

    @Override
    public void close() {
        connection.close();
        store.close();
    }

    /** The keyring of another vault. */
    static Keyring stranger() {
        return Keyring.of(Map.of(
                "lookup",
                "x".repeat(32).getBytes(StandardCharsets.UTF_8),
                "share-1",
                new byte[32],
                "primary",
                new byte[] {'1'}));
    }
}
