package dev.lunasec.s3;

import dev.lunasec.s3.VersionListing.Version;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Deletes everything that a bucket has under one name: unfinished multipart uploads, all versions, and the delete
 * markers. It does so whatever the bucket says about its versioning, because that may change at any time. A name is
 * gone when the store lists nothing for it.
 */
public final class NameDeletion {
    /** A writer may put the name again between two requests; one who does so all the time is not waited for. */
    private static final int ROUNDS = 4;

    /** After these, the request that deletes several versions is tried. */
    private static final int PLAIN_ROUNDS = 2;

    private static final Set<Integer> NO_REFUSAL = Set.of(404, 408, 409, 429);
    /** The id of a version that was written while the bucket had no versioning, or while it was suspended. */
    private static final String NULL_ID = "null";

    private final S3Client s3;
    private final String bucket;
    private final VersionListing versions;

    public NameDeletion(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
        this.versions = new VersionListing(s3, bucket);
    }

    /**
     * Deletes a name, and asks the store whether it is gone. It may run again after it stopped anywhere, and twice at
     * the same time.
     *
     * @throws NameRemains if the store refuses a request, or still lists something under the name
     * @throws SdkException if the store gives no answer in time, or fails
     */
    public void delete(String name) throws NameRemains {
        for (int round = 0; round < ROUNDS; round++) {
            List<MultipartUpload> uploads = asked(() -> uploads(name));
            List<Version> left = asked(() -> versions(name));
            if (uploads.isEmpty() && left.isEmpty()) return;
            for (MultipartUpload upload : uploads) abort(upload);
            // The markers last: an older version that has no marker any more would be read again.
            if (round < PLAIN_ROUNDS) for (Version version : left) deleteVersion(name, version.id());
            else if (!left.isEmpty()) deleteTogether(left);
        }
        throw new NameRemains("The store still lists versions or uploads of an object that it was asked to delete.");
    }

    /**
     * Deletes one version of a name, if it exists.
     *
     * @param id as the store lists it; null on a store without versions
     * @throws NameRemains if the store refuses it
     * @throws SdkException if the store gives no answer in time, or fails
     */
    public void deleteVersion(String name, @Nullable String id) throws NameRemains {
        asked(() -> {
            try {
                return s3.deleteObject(delete -> delete.bucket(bucket).key(name).versionId(id));
            } catch (S3Exception e) {
                // Several stores answer so when the version is gone already.
                if (e.statusCode() == 404 && isAbsent(e)) return true;
                throw e;
            }
        });
    }

    /**
     * Deletes one version or delete marker, if it exists. MinIO accepts the deletion of one null delete marker and
     * keeps the marker; it deletes such a marker only by the request that deletes several versions.
     *
     * @param version as the store lists it
     * @throws NameRemains if the store refuses it
     * @throws SdkException if the store gives no answer in time, or fails
     */
    public void delete(Version version) throws NameRemains {
        deleteVersion(version.name(), version.id());
        if (!isNullMarker(version)) return;
        List<Version> kept = asked(() -> versions(version.name())).stream()
                .filter(NameDeletion::isNullMarker)
                .toList();
        if (!kept.isEmpty()) deleteTogether(kept);
    }

    private static boolean isNullMarker(Version version) {
        return version.deleteMarker() && NULL_ID.equals(version.id());
    }

    private void deleteTogether(List<Version> versions) throws NameRemains {
        List<ObjectIdentifier> all = versions.stream()
                .map(version -> ObjectIdentifier.builder()
                        .key(version.name())
                        .versionId(version.id())
                        .build())
                .toList();
        asked(() -> s3.deleteObjects(delete -> delete.bucket(bucket).delete(what -> what.objects(all))));
    }

    private void abort(MultipartUpload upload) throws NameRemains {
        asked(() -> {
            try {
                return s3.abortMultipartUpload(
                        abort -> abort.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()));
            } catch (S3Exception e) {
                if (e.statusCode() == 404 && code(e).equals("NoSuchUpload")) return true;
                throw e;
            }
        });
    }

    private List<Version> versions(String name) {
        return versions.page(name, "").stream()
                .filter(version -> version.name().equals(name))
                .toList();
    }

    /** None on a store that does not know the request, because it cannot have any. */
    private List<MultipartUpload> uploads(String name) {
        try {
            return s3.listMultipartUploads(list -> list.bucket(bucket).prefix(name)).uploads().stream()
                    .filter(upload -> upload.key().equals(name))
                    .toList();
        } catch (S3Exception e) {
            if (UnknownRequest.is(e)) return List.of();
            throw e;
        }
    }

    private interface Question<T> {
        T ask();
    }

    private static <T> T asked(Question<T> question) throws NameRemains {
        try {
            return question.ask();
        } catch (S3Exception e) {
            if (isRefused(e.statusCode())) {
                String code = code(e).isEmpty() ? Integer.toString(e.statusCode()) : code(e);
                throw new NameRemains("The store refuses to list or to delete versions of objects (" + code + ").", e);
            }
            throw e;
        }
    }

    /**
     * Whether the same request will be refused again; 404 says that the bucket is missing, and 409 that another request
     * was under way.
     */
    private static boolean isRefused(int status) {
        return status >= 400 && status < 500 && !NO_REFUSAL.contains(status);
    }

    private static boolean isAbsent(S3Exception e) {
        return code(e).equals("NoSuchVersion") || code(e).equals("NoSuchKey");
    }

    private static String code(S3Exception e) {
        String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }
}
