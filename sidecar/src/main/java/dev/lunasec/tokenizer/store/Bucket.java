package dev.lunasec.tokenizer.store;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.CopyToNewKey;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.paginators.ListObjectsV2Iterable;

/**
 * The operations that the vault needs of its bucket. Every store must have them; there are no conditional writes, because several stores
 * ignore the condition. Every method throws {@link CallFailed} with {@link ErrorCode#STORAGE_UNAVAILABLE} when the store gives no answer in time, or another one than
 * it should.
 */
public final class Bucket {
    /** An object of a listing. */
    public record Listed(String key, Instant lastModified) {}

    /** More than the largest record, whose metadata is bounded, and than any receipt. */
    private static final int LARGEST = 64 << 10;

    private final S3Client s3;
    private final String name;

    public Bucket(S3Client s3, String name) {
        this.s3 = s3;
        this.name = name;
    }

    /** The bucket that a connection leads to. */
    public static Bucket of(S3Connection connection) {
        return new Bucket(connection.s3(), connection.location().bucket());
    }

    /**
     * The bucket of a tokenizer. Every write fails with {@link ErrorCode#WRONG_BUCKET} while the identity was seen to be wrong; reads go on.
     */
    public static Bucket of(S3Connection connection, BucketIdentity identity) {
        return new Bucket(
                new CheckedS3(connection.s3(), identity::requireForWrite),
                connection.location().bucket());
    }

    /** The bucket of a maintenance command. Every request fails with {@link ErrorCode#WRONG_BUCKET} unless the proof is fresh. */
    public static Bucket of(S3Connection connection, FreshProof proof) {
        return new Bucket(
                new CheckedS3(connection.s3(), request -> proof.require()),
                connection.location().bucket());
    }

    /** The first 64 KiB of an object; empty when it does not exist. */
    public Optional<byte[]> get(String key) {
        try (ResponseInputStream<GetObjectResponse> in =
                s3.getObject(get -> get.bucket(name).key(key))) {
            return Optional.of(in.readNBytes(LARGEST));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException | IOException e) {
            throw unavailable(e);
        }
    }

    public boolean exists(String key) {
        return ask(() -> {
            try {
                s3.headObject(head -> head.bucket(name).key(key));
                return true;
            } catch (NoSuchKeyException e) {
                return false;
            }
        });
    }

    /**
     * Writes an object and replaces an existing one.
     *
     * @param contentType for other readers of the bucket
     */
    public void put(String key, byte[] content, String contentType) {
        ask(() -> s3.putObject(
                put -> put.bucket(name).key(key).contentType(contentType), RequestBody.fromBytes(content)));
    }

    /**
     * Copies all bytes as they are, within the store.
     *
     * @return whether the object existed
     */
    public boolean copy(String from, String to) {
        return ask(() -> {
            try {
                s3.copyObject(copy -> copy.sourceBucket(name)
                        .sourceKey(from)
                        .destinationBucket(name)
                        .destinationKey(to));
                return true;
            } catch (NoSuchKeyException e) {
                return false;
            }
        });
    }

    /** Copies an object to another SSE-C key; see {@link CopyToNewKey}. */
    CopyToNewKey.Result rekey(CopyToNewKey.KeyedObject from, CopyToNewKey.KeyedObject to) {
        return ask(() -> new CopyToNewKey(s3, name).copy(from, to));
    }

    /** Deletes an object, if it exists. */
    public void delete(String key) {
        ask(() -> s3.deleteObject(delete -> delete.bucket(name).key(key)));
    }

    /**
     * The next objects of a prefix, in the order of their keys: up to a thousand, none when there are no more.
     *
     * @param after the last key of the page before, the empty text for the first page
     */
    public List<Listed> list(String prefix, String after) {
        return ask(() -> s3
                .listObjectsV2(list -> list.bucket(name).prefix(prefix).startAfter(after.isEmpty() ? null : after))
                .contents()
                .stream()
                .map(object -> new Listed(object.key(), object.lastModified()))
                .toList());
    }

    /** The folders in a folder; each begins with the folder's name and ends in a slash, as that does. */
    public List<String> folders(String folder) {
        ListObjectsV2Request list = ListObjectsV2Request.builder()
                .bucket(name)
                .prefix(folder)
                .delimiter("/")
                .build();
        return ask(() -> new ListObjectsV2Iterable(s3, list)
                .commonPrefixes().stream().map(CommonPrefix::prefix).toList());
    }

    private static <T> T ask(Supplier<T> question) {
        try {
            return question.get();
        } catch (SdkException e) {
            throw unavailable(e);
        }
    }

    private static CallFailed unavailable(Exception cause) {
        return new CallFailed(
                ErrorCode.STORAGE_UNAVAILABLE,
                "The object store can't be reached at the moment; try again soon.",
                cause);
    }
}
