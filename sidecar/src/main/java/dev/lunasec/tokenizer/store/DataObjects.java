package dev.lunasec.tokenizer.store;

import dev.lunasec.s3.SignedRequest;
import dev.lunasec.tokenizer.token.ObjectName;
import java.time.Duration;
import java.util.OptionalLong;

/** Data objects. Signing a URL asks no server: it takes microseconds and works without the store. */
public interface DataObjects {

    /**
     * Signs the upload of this object under this key, for one use if the store enforces that.
     *
     * @param key the SSE-C key, 32 bytes
     * @param size bytes that must be sent, no more and no less; empty for any number
     * @param lifetime from now on, 1 s to 7 days
     */
    SignedRequest upload(ObjectName name, byte[] key, OptionalLong size, Duration lifetime);

    /** Signs the download of this object; parameters as for {@link #upload}. */
    SignedRequest download(ObjectName name, byte[] key, Duration lifetime);

    /**
     * Signs the upload of one part of this object.
     *
     * @param upload the id that the store gave the upload
     * @param number of the part, from 1 on
     * @param size bytes that must be sent, no more and no less; empty for any number
     */
    SignedRequest uploadPart(
            ObjectName name, byte[] key, String upload, int number, OptionalLong size, Duration lifetime);

    /** The uploads that run in parts. */
    BucketUploads uploads();

    /**
     * Copies an object to another name and another key; its bytes do not pass through this process.
     *
     * @param fromKey and {@code toKey}: SSE-C keys, 32 bytes
     * @return whether there was an object to copy
     * @throws dev.lunasec.tokenizer.failure.CallFailed {@link dev.lunasec.contract.ErrorCode#NOT_SUPPORTED} when the
     *     store can't do that, {@link dev.lunasec.contract.ErrorCode#STORAGE_UNAVAILABLE}
     */
    boolean copy(ObjectName from, byte[] fromKey, ObjectName to, byte[] toKey);

    /**
     * Deletes an object, if it exists.
     *
     * @throws dev.lunasec.tokenizer.failure.CallFailed {@link dev.lunasec.contract.ErrorCode#STORAGE_UNAVAILABLE}
     */
    void delete(ObjectName name);
}
