package dev.lunasec.s3;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.runtime.HttpDate;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The clock of a store, by which it dates its objects. The age of an object is the difference of two times of this
 * clock.
 */
public final class StoreClock {
    private StoreClock() {}

    /**
     * The time of the store, in whole seconds.
     *
     * @return empty if the answer of the store does not say it
     * @throws SdkException if the store does not answer a listing
     */
    public static Optional<Instant> now(S3Client s3, String bucket) {
        return s3.listObjectsV2(
                        list -> list.bucket(bucket).prefix(BucketLayout.CANARY).maxKeys(1))
                .sdkHttpResponse()
                .firstMatchingHeader(HttpDate.HEADER)
                .flatMap(HttpDate::parse);
    }
}
