package dev.lunasec.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.testbed.EmbeddedStore;
import dev.lunasec.testbed.SmallObjects;
import dev.lunasec.tokenizer.store.Bucket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The store of {@code .ci/bench growth} changes between contents, and forgets what a load has put. */
@Tag("embedded")
class SmallObjectsTest {
    private static final byte[] TEXT = {1, 2, 3};
    private static final String TYPE = "application/json";

    private final SmallObjects small = new SmallObjects("records/");
    private final EmbeddedStore store = new EmbeddedStore("access", "secret", small);
    private final S3Connection connection = new S3Connection(
            new StoreLocation("vault", "us-east-1", store.endpoint(), true), new AccessKeys("access", "secret"), null);
    private final Bucket bucket = Bucket.of(connection);

    @BeforeEach
    void createBucket() {
        connection.s3().createBucket(create -> create.bucket("vault"));
    }

    @AfterEach
    void stop() {
        connection.close();
        store.close();
    }

    @Test
    void aContentHasWhatWasThereAndWhatWasAdded() {
        bucket.put("records/1/a", TEXT, TYPE);
        small.keep();
        int more = small.copy();
        small.add(more, "records/1/b", TEXT, TYPE);
        assertThat(bucket.get("records/1/b")).isEmpty();
        small.serve(more);
        assertThat(bucket.get("records/1/a")).contains(TEXT);
        assertThat(bucket.get("records/1/b")).contains(TEXT);
        assertThat(bucket.exists("records/1/b")).isTrue();
        assertThat(small.count(0, "records/")).isEqualTo(1);
        assertThat(small.count(more, "records/")).isEqualTo(2);
    }

    @Test
    void whatALoadPutIsForgotten() {
        int more = small.copy();
        small.serve(more);
        bucket.put("records/1/a", TEXT, TYPE);
        assertThat(bucket.get("records/1/a")).contains(TEXT);
        small.serve(more);
        assertThat(bucket.get("records/1/a")).isEmpty();
        assertThat(bucket.exists("records/1/a")).isFalse();
    }

    @Test
    void otherObjectsStayAndRecordsAreNotListed() {
        bucket.put("vault/a", TEXT, TYPE);
        small.serve(small.copy());
        assertThat(bucket.get("vault/a")).contains(TEXT);
        assertThat(connection
                        .s3()
                        .listObjectsV2(list -> list.bucket("vault").prefix("vault/"))
                        .keyCount())
                .isEqualTo(1);
        assertThatThrownBy(() -> connection
                        .s3()
                        .listObjectsV2(list -> list.bucket("vault").prefix("records/")))
                .isInstanceOf(S3Exception.class);
    }
}
