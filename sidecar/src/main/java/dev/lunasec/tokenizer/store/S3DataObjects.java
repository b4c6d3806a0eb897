package dev.lunasec.tokenizer.store;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.CopyToNewKey;
import dev.lunasec.s3.SignedRequest;
import dev.lunasec.s3.SseCustomerKey;
import dev.lunasec.s3.UrlSigner;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.token.ObjectName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * Data objects under {@code objects/}. The key travels in a header that is signed, so the URL opens nothing without it.
 */
public final class S3DataObjects implements DataObjects {
    private final Bucket bucket;
    private final UrlSigner signer;
    private final BooleanSupplier singleUseUploads;

    /**
     * The objects of a bucket.
     *
     * @param signer for the address that clients use
     * @param singleUseUploads whether the canary saw the store enforce {@code If-None-Match}
     */
    public S3DataObjects(Bucket bucket, UrlSigner signer, BooleanSupplier singleUseUploads) {
        this.bucket = bucket;
        this.signer = signer;
        this.singleUseUploads = singleUseUploads;
    }

    @Override
    public SignedRequest upload(ObjectName name, byte[] key, OptionalLong size, Duration lifetime) {
        Map<String, String> headers = headers(key, size);
        if (singleUseUploads.getAsBoolean()) headers.put("if-none-match", "*");
        return signer.sign(SdkHttpMethod.PUT, Layout.object(name), headers, lifetime);
    }

    @Override
    public SignedRequest download(ObjectName name, byte[] key, Duration lifetime) {
        return signer.sign(SdkHttpMethod.GET, Layout.object(name), new SseCustomerKey(key).headers(), lifetime);
    }

    @Override
    public SignedRequest uploadPart(
            ObjectName name, byte[] key, String upload, int number, OptionalLong size, Duration lifetime) {
        return signer.signPart(Layout.object(name), upload, number, headers(key, size), lifetime);
    }

    private static Map<String, String> headers(byte[] key, OptionalLong size) {
        Map<String, String> headers = new LinkedHashMap<>(new SseCustomerKey(key).headers());
        if (size.isPresent()) headers.put("content-length", Long.toString(size.getAsLong()));
        return headers;
    }

    @Override
    public BucketUploads uploads() {
        return bucket.uploads();
    }

    @Override
    public boolean copy(ObjectName from, byte[] fromKey, ObjectName to, byte[] toKey) {
        CopyToNewKey.Result result = bucket.rekey(keyed(from, fromKey), keyed(to, toKey));
        if (result == CopyToNewKey.Result.UNSUPPORTED) {
            throw new CallFailed(
                    ErrorCode.NOT_SUPPORTED,
                    "This object store does not copy a value to another key; read the value, store it again, and erase"
                            + " the old token.");
        }
        return result == CopyToNewKey.Result.COPIED;
    }

    private static CopyToNewKey.KeyedObject keyed(ObjectName name, byte[] key) {
        return new CopyToNewKey.KeyedObject(Layout.object(name), new SseCustomerKey(key));
    }

    @Override
    public void delete(ObjectName name) {
        bucket.delete(Layout.object(name));
    }
}
