package dev.lunasec.tokenizer.store;

import dev.lunasec.s3.SignedRequest;
import dev.lunasec.tokenizer.token.ObjectName;
import java.time.Duration;
import java.util.OptionalLong;

/** Data objects. Signing a URL asks nobody: it takes microseconds and cannot fail for lack of a store. */
public interface DataObjects {

    /**
     * Leave to upload exactly this object under exactly this key, once where the store enforces that.
     *
     * @param key the SSE-C key, 32 bytes
     * @param size bytes that must be sent, no more and no less; empty for any number
     * @param lifetime from now on, 1 s to 7 days
     */
    SignedRequest upload(ObjectName name, byte[] key, OptionalLong size, Duration lifetime);

    /** Leave to download exactly this object; parameters as for {@link #upload}. */
    SignedRequest download(ObjectName name, byte[] key, Duration lifetime);

    /**
     * Copies an object to another name and another key; no byte of it comes here.
     *
     * @param fromKey and {@code toKey}: SSE-C keys, 32 bytes
     * @return whether there was an object to copy
     * @throws dev.lunasec.tokenizer.failure.CallFailed {@link dev.lunasec.contract.ErrorCode#NOT_SUPPORTED} when the store does not do
     *     that, {@link dev.lunasec.contract.ErrorCode#STORAGE_UNAVAILABLE}
     */
    boolean copy(ObjectName from, byte[] fromKey, ObjectName to, byte[] toKey);

    /**
     * Deletes an object, if it is there.
     *
     * @throws dev.lunasec.tokenizer.failure.CallFailed {@link dev.lunasec.contract.ErrorCode#STORAGE_UNAVAILABLE}
     */
    void delete(ObjectName name);
}
