package dev.lunasec.tokenizer.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lunasec.storage.S3Connection;
import dev.lunasec.tokenizer.failure.Failed;
import dev.lunasec.tokenizer.failure.Failure;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.RecordJson;
import dev.lunasec.tokenizer.token.UnreadableRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Records as objects {@code records/<share>/<id>}. Nothing here builds on conditional writes, which several stores ignore: a
 * record is written once, and a move only ever goes to the primary share.
 */
public final class S3Records implements Records {
    /** More than the largest record, whose metadata is bounded. */
    private static final int LARGEST = 64 << 10;

    private static final long CACHE_BYTES = 16L << 20;
    private static final Duration CACHE_TIME = Duration.ofSeconds(30);

    private final S3Client s3;
    private final String bucket;
    private final Keyring keyring;
    private final Cache<RecordId, Record> cache = Caffeine.newBuilder()
            .maximumWeight(CACHE_BYTES)
            .weigher((RecordId id, Record record) -> record.body().length + 256)
            .expireAfterWrite(CACHE_TIME)
            .build();

    public S3Records(S3Connection connection, Keyring keyring) {
        this.s3 = connection.s3();
        this.bucket = connection.location().bucket();
        this.keyring = keyring;
    }

    @Override
    public void put(Record record) {
        RequestBody body = RequestBody.fromBytes(RecordJson.write(record));
        try {
            s3.putObject(
                    put -> put.bucket(bucket)
                            .key(key(record.share(), record.id()))
                            .contentType("application/json"),
                    body);
        } catch (SdkException e) {
            throw unavailable(e);
        }
    }

    @Override
    public Optional<Record> find(RecordId id) {
        Record cached = cache.getIfPresent(id);
        if (cached != null) return Optional.of(cached);
        Optional<Record> found = search(id);
        found.ifPresent(record -> cache.put(id, record));
        return found;
    }

    /** While a rotation moves records, one may pass from an older prefix to the primary's between two looks: so look there again. */
    private Optional<Record> search(RecordId id) {
        int[] older = keyring.older();
        Optional<Record> found = get(keyring.primary(), id);
        for (int i = 0; found.isEmpty() && i < older.length; i++) found = get(older[i], id);
        if (older.length == 0) return found;
        if (found.isEmpty()) found = get(keyring.primary(), id);
        return found.isPresent() && exists("erased/" + id.hex()) ? Optional.empty() : found;
    }

    private Optional<Record> get(int share, RecordId id) {
        try (ResponseInputStream<GetObjectResponse> in =
                s3.getObject(get -> get.bucket(bucket).key(key(share, id)))) {
            Record record = RecordJson.read(in.readNBytes(LARGEST));
            if (!record.id().equals(id) || record.share() != share) throw corrupt(id, null);
            return Optional.of(record);
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (UnreadableRecord e) {
            throw corrupt(id, e);
        } catch (SdkException | IOException e) {
            throw unavailable(e);
        }
    }

    private boolean exists(String key) {
        try {
            s3.headObject(head -> head.bucket(bucket).key(key));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        } catch (SdkException e) {
            throw unavailable(e);
        }
    }

    private static String key(int share, RecordId id) {
        return "records/" + share + "/" + id.hex();
    }

    private static Failed corrupt(RecordId id, @org.jspecify.annotations.Nullable UnreadableRecord cause) {
        String message = "The record " + id.hex() + " is damaged; tell those who run the vault.";
        return cause == null
                ? new Failed(Failure.CORRUPT_RECORD, message)
                : new Failed(Failure.CORRUPT_RECORD, message, cause);
    }

    private static Failed unavailable(Exception cause) {
        return new Failed(
                Failure.STORAGE_UNAVAILABLE, "The object store can't be reached at the moment; try again soon.", cause);
    }
}
