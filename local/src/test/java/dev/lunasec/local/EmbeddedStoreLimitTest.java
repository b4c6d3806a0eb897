package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.testbed.EmbeddedStore;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The store in memory answers 507 before it fills the heap, and takes objects again after others were deleted. */
@Tag("embedded")
class EmbeddedStoreLimitTest {
    private static final int MIB = 1 << 20;
    private static final int PART = 5 * MIB;

    @AutoClose
    private final EmbeddedStore store = new EmbeddedStore(12L * MIB);

    @AutoClose
    private final S3Connection connection = new S3Connection(
            new StoreLocation("vault", "us-east-1", store.endpoint(), true),
            new AccessKeys(store.accessKeyId(), store.secretAccessKey()),
            null);

    @BeforeEach
    void makeBucket() {
        connection.s3().createBucket(b -> b.bucket("vault"));
    }

    @Test
    void whatWouldBeTooMuchIsRefusedWithOneSentence() {
        put("a", 8 * MIB);
        assertFull(() -> put("b", 8 * MIB));
        put("a", 2 * MIB);
        put("b", 8 * MIB);
    }

    @Test
    void aDeletedObjectMakesRoom() {
        Delete b = Delete.builder()
                .objects(ObjectIdentifier.builder().key("b").build())
                .build();
        for (int i = 0; i < 3; i++) {
            put("a", 8 * MIB);
            connection.s3().deleteObject(delete -> delete.bucket("vault").key("a"));
            put("b", 8 * MIB);
            connection.s3().deleteObjects(delete -> delete.bucket("vault").delete(b));
        }
    }

    /** Ten thousand records of a hundred bytes take a hundred times their size in memory. */
    @Test
    void smallObjectsCountWithWhatTheyTakeInMemory() {
        assertFull(() -> {
            for (int i = 0; i < 2000; i++) put("record-" + i, 100);
        });
        assertThat(connection.s3().listObjectsV2(list -> list.bucket("vault")).contents())
                .hasSizeLessThan(1300);
    }

    @Test
    void partsAndCopiesCountToo() {
        String upload = connection
                .s3()
                .createMultipartUpload(create -> create.bucket("vault").key("large"))
                .uploadId();
        String first = part(upload, 1);
        String second = part(upload, 2);
        assertFull(() -> part(upload, 3));
        connection
                .s3()
                .completeMultipartUpload(complete -> complete.bucket("vault")
                        .key("large")
                        .uploadId(upload)
                        .multipartUpload(parts -> parts.parts(
                                CompletedPart.builder()
                                        .partNumber(1)
                                        .eTag(first)
                                        .build(),
                                CompletedPart.builder()
                                        .partNumber(2)
                                        .eTag(second)
                                        .build())));
        assertFull(() -> connection
                .s3()
                .copyObject(copy -> copy.sourceBucket("vault")
                        .sourceKey("large")
                        .destinationBucket("vault")
                        .destinationKey("copy")));
        connection.s3().deleteObject(delete -> delete.bucket("vault").key("large"));
        put("a", 8 * MIB);
    }

    private static void assertFull(org.assertj.core.api.ThrowableAssert.ThrowingCallable write) {
        assertThatThrownBy(write)
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(507))
                .hasMessageContaining("The store in memory is full (12 MiB)");
    }

    private void put(String key, int size) {
        connection.s3().putObject(put -> put.bucket("vault").key(key), RequestBody.fromBytes(new byte[size]));
    }

    private String part(String upload, int number) {
        return connection
                .s3()
                .uploadPart(
                        part -> part.bucket("vault")
                                .key("large")
                                .uploadId(upload)
                                .partNumber(number),
                        RequestBody.fromBytes(new byte[PART]))
                .eTag();
    }
}
