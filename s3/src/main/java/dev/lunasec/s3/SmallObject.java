package dev.lunasec.s3;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The beginning of an object, in memory. The deadline of the call covers the content too, which it does not if the
 * content is returned as a stream.
 *
 * @param content at most as many bytes as the reader asked for
 * @param version the id of the version; null if the store names none
 */
public record SmallObject(byte[] content, @Nullable String version) {
    /**
     * Gets the beginning of an object, and does not read the rest.
     *
     * @param most how many bytes to read at most
     * @throws SdkException if the object does not exist, or the store gives no whole answer in time
     */
    public static SmallObject get(S3Client s3, GetObjectRequest request, int most) {
        return s3.getObject(request, (GetObjectResponse answer, AbortableInputStream in) -> {
            try {
                byte[] content = in.readNBytes(most);
                // Closing would read the rest of a longer object.
                if (in.read() >= 0) in.abort();
                return new SmallObject(content, answer.versionId());
            } catch (IOException e) {
                throw RetryableException.create("the content of an object ended early", e);
            }
        });
    }
}
