package dev.lunasec.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.testbed.EmbeddedStore;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Multipart uploads in a real store: old ones are found by the store's clock and aborted, and everything else stays.
 */
@Tag("embedded")
class StaleUploadsTest {
    private static final AccessKeys KEYS = new AccessKeys("local-access", "local-secret");

    @AutoClose
    private final EmbeddedStore store = new EmbeddedStore(KEYS.accessKeyId(), KEYS.secretAccessKey());

    @AutoClose
    private final S3Connection connection =
            new S3Connection(new StoreLocation("vault", "us-east-1", store.endpoint(), true), KEYS, null);

    @Test
    void onlyUploadsOfTheGivenAgeAreFoundAndAborted() {
        S3Client s3 = connection.s3();
        s3.createBucket(create -> create.bucket("vault"));
        s3.putObject(put -> put.bucket("vault").key("objects/a"), RequestBody.fromString("a value"));
        s3.createMultipartUpload(create -> create.bucket("vault").key("objects/a"));
        s3.createMultipartUpload(create -> create.bucket("vault").key("objects/b"));
        StaleUploads uploads = new StaleUploads(s3, "vault");
        assertThat(uploads.olderThan(Duration.ofDays(2))).isEmpty();
        assertThat(uploads.olderThan(Duration.ofDays(-1)))
                .extracting(MultipartUpload::key)
                .containsExactly("objects/a", "objects/b");
        for (MultipartUpload upload : uploads.olderThan(Duration.ofDays(-1))) {
            uploads.abort(upload);
            uploads.abort(upload);
        }
        assertThat(uploads.olderThan(Duration.ofDays(-1))).isEmpty();
        assertThat(s3.listObjectsV2(list -> list.bucket("vault").prefix("objects/"))
                        .contents())
                .hasSize(1);
    }
}
