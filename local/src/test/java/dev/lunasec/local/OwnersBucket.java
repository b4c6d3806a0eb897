package dev.lunasec.local;

import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket of a real store, in the hands of the person whose account the vault uses. */
final class OwnersBucket implements AutoCloseable {
    private final S3Connection connection;
    private final S3Client s3;
    private final String name;
    private final boolean keepsNullMarkers;

    OwnersBucket(TestedStore tested, String name) {
        StorePlace store = tested.place();
        this.keepsNullMarkers = tested.keepsNullMarkers();
        this.connection = new S3Connection(
                new StoreLocation(name, Objects.requireNonNull(store.region()), store.endpoint(), true),
                new AccessKeys(store.accessKeyId(), store.secretAccessKey()),
                store.authorityPem());
        this.s3 = connection.s3();
        this.name = name;
    }

    void createWithVersioning() {
        s3.createBucket(create -> create.bucket(name));
        versioning(BucketVersioningStatus.ENABLED);
    }

    boolean exists() {
        return s3.listBuckets().buckets().stream().map(Bucket::name).anyMatch(name::equals);
    }

    /** The names that an ordinary listing shows. */
    List<String> names(String prefix) {
        return s3.listObjectsV2(list -> list.bucket(name).prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    /** All versions, delete markers and unfinished uploads of the names with a prefix. */
    List<String> everything(String prefix) {
        List<String> all = new ArrayList<>();
        ListObjectVersionsResponse page =
                s3.listObjectVersions(list -> list.bucket(name).prefix(prefix));
        page.versions().forEach(version -> all.add("version " + version.versionId() + " of " + version.key()));
        page.deleteMarkers().forEach(marker -> all.add("marker " + marker.versionId() + " of " + marker.key()));
        s3.listMultipartUploads(list -> list.bucket(name).prefix(prefix))
                .uploads()
                .forEach(upload -> all.add("upload of " + upload.key()));
        return all;
    }

    byte[] get(String key) {
        return s3.getObjectAsBytes(get -> get.bucket(name).key(key)).asByteArray();
    }

    void put(String key, byte[] content) {
        s3.putObject(put -> put.bucket(name).key(key), RequestBody.fromBytes(content));
    }

    /** Without a version, as most programs do. */
    void delete(String key) {
        s3.deleteObject(delete -> delete.bucket(name).key(key));
    }

    void beginUpload(String key) {
        s3.createMultipartUpload(create -> create.bucket(name).key(key));
    }

    /**
     * Leaves a further version of a name, a delete marker, and the marker with the id {@code null} of the time when
     * versioning was suspended. The bucket has versioning.
     */
    void overwriteAndHide(String key, byte[] content) {
        put(key, content);
        delete(key);
        if (keepsNullMarkers) return;
        versioning(BucketVersioningStatus.SUSPENDED);
        put(key, content);
        delete(key);
        versioning(BucketVersioningStatus.ENABLED);
    }

    private void versioning(BucketVersioningStatus status) {
        s3.putBucketVersioning(put -> put.bucket(name).versioningConfiguration(to -> to.status(status)));
    }

    @Override
    public void close() {
        connection.close();
    }
}
