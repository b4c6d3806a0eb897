package dev.lunasec.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.SmallObject;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.s3.VersionListing.Version;
import dev.lunasec.testbed.EmbeddedStore;
import dev.lunasec.testbed.SmallObjects;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.Bucket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The store of the benchmarks changes between contents, and forgets what a load has put. */
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
    void otherObjectsStay() {
        bucket.put("vault/a", TEXT, TYPE);
        small.serve(small.copy());
        assertThat(bucket.get("vault/a")).contains(TEXT);
        assertThat(connection
                        .s3()
                        .listObjectsV2(list -> list.bucket("vault").prefix("vault/"))
                        .keyCount())
                .isEqualTo(1);
    }

    @Test
    void recordsAreListedInPages() {
        for (String name : List.of("records/1/b", "records/1/a", "records/2/d", "records/1/c"))
            bucket.put(name, TEXT, TYPE);
        assertThat(connection
                        .s3()
                        .listObjectsV2Paginator(list -> list.bucket("vault")
                                .prefix("records/1/")
                                .startAfter("records/1/a")
                                .maxKeys(1))
                        .contents())
                .extracting(S3Object::key)
                .containsExactly("records/1/b", "records/1/c");
        assertThat(connection
                        .s3()
                        .listObjectVersionsPaginator(list ->
                                list.bucket("vault").prefix("records/1/").maxKeys(2))
                        .versions())
                .extracting(ObjectVersion::key)
                .containsExactly("records/1/a", "records/1/b", "records/1/c");
        assertThat(bucket.listing().versions("records/3/", "")).isEmpty();
    }

    @Test
    void aListedVersionIsReadAndDeleted() {
        bucket.put("records/1/a", TEXT, TYPE);
        Version version = bucket.listing().versions("records/1/", "").getFirst();
        assertThat(bucket.get(version.name(), version.id()).map(SmallObject::content))
                .contains(TEXT);
        bucket.delete(version);
        assertThat(bucket.exists("records/1/a")).isFalse();
    }

    @Test
    void foldersAreNotListed() {
        assertThatThrownBy(() -> bucket.listing().folders("records/")).isInstanceOf(CallFailed.class);
    }
}
