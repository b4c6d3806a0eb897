package dev.lunasec.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.testbed.EmbeddedStore;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * Names with any history of versions in a real store: a deletion leaves nothing of them, or says that something is
 * left.
 */
@Tag("embedded")
class NameDeletionTest {
    private static final AccessKeys KEYS = new AccessKeys("local-access", "local-secret");
    private static final String NAME = "objects/0123";

    @AutoClose
    private static final EmbeddedStore store = new EmbeddedStore(KEYS.accessKeyId(), KEYS.secretAccessKey());

    @AutoClose
    private static final S3Connection connection =
            new S3Connection(new StoreLocation("vault", "us-east-1", store.endpoint(), true), KEYS, null);

    private static final S3Client s3 = connection.s3();

    private final String bucket = "vault-" + UUID.randomUUID();

    @BeforeEach
    void createBucket() {
        s3.createBucket(create -> create.bucket(bucket));
    }

    @Test
    void inABucketWithoutVersioningTheObjectIsGone() throws Exception {
        put(NAME);
        delete(s3);
        assertThat(left()).isEmpty();
        delete(s3);
    }

    @Test
    void allVersionsNullVersionsAndDeleteMarkersAreGone() throws Exception {
        put(NAME);
        versioning(BucketVersioningStatus.ENABLED);
        put(NAME);
        hide();
        put(NAME);
        versioning(BucketVersioningStatus.SUSPENDED);
        put(NAME);
        hide();
        put(NAME);
        assertThat(left()).hasSizeGreaterThan(3);
        delete(s3);
        assertThat(left()).isEmpty();
    }

    @Test
    void whatADeleteMarkerHidesIsGoneToo() throws Exception {
        versioning(BucketVersioningStatus.ENABLED);
        put(NAME);
        hide();
        assertThat(s3.listObjectsV2(list -> list.bucket(bucket)).contents()).isEmpty();
        delete(s3);
        assertThat(left()).isEmpty();
    }

    @Test
    void anUnfinishedUploadIsAbortedAndCannotBeCompletedAfterwards() throws Exception {
        String upload = s3.createMultipartUpload(create -> create.bucket(bucket).key(NAME))
                .uploadId();
        String etag = s3.uploadPart(
                        part -> part.bucket(bucket).key(NAME).uploadId(upload).partNumber(1),
                        RequestBody.fromString("x"))
                .eTag();
        CompletedPart first = CompletedPart.builder().partNumber(1).eTag(etag).build();
        delete(s3);
        assertThat(s3.listMultipartUploads(list -> list.bucket(bucket)).uploads())
                .isEmpty();
        assertThatThrownBy(() -> s3.completeMultipartUpload(complete -> complete.bucket(bucket)
                        .key(NAME)
                        .uploadId(upload)
                        .multipartUpload(parts -> parts.parts(first))))
                .isInstanceOf(S3Exception.class);
        assertThat(left()).isEmpty();
    }

    @Test
    void aNameThatBeginsInTheSameWayStays() throws Exception {
        versioning(BucketVersioningStatus.ENABLED);
        put(NAME);
        put(NAME + "4");
        String upload = s3.createMultipartUpload(create -> create.bucket(bucket).key(NAME + "4"))
                .uploadId();
        delete(s3);
        assertThat(s3.listObjectsV2(list -> list.bucket(bucket)).contents())
                .singleElement()
                .satisfies(object -> assertThat(object.key()).isEqualTo(NAME + "4"));
        assertThat(s3.listMultipartUploads(list -> list.bucket(bucket)).uploads())
                .singleElement()
                .satisfies(left -> assertThat(left.uploadId()).isEqualTo(upload));
    }

    @Test
    void versioningThatIsSwitchedOnMeanwhileLeavesNothing() throws Exception {
        put(NAME);
        S3Client switched = with(request -> {
            if (request instanceof DeleteObjectRequest) versioning(BucketVersioningStatus.ENABLED);
            return null;
        });
        delete(switched);
        assertThat(left()).isEmpty();
    }

    @Test
    void aRefusedDeletionOfAVersionIsReported() {
        versioning(BucketVersioningStatus.ENABLED);
        put(NAME);
        S3Client denied = with(request -> request instanceof DeleteObjectRequest delete && delete.versionId() != null
                ? error(403, "AccessDenied")
                : null);
        assertThatThrownBy(() -> delete(denied))
                .isInstanceOf(NameRemains.class)
                .hasMessage("The store refuses to list or to delete versions of objects (AccessDenied).");
        assertThat(left()).hasSize(1);
    }

    @Test
    void aConflictWithAnotherRequestIsNoRefusal() {
        put(NAME);
        S3Client busy = with(request -> request instanceof DeleteObjectRequest ? error(409, "OperationAborted") : null);
        assertThatThrownBy(() -> delete(busy)).isInstanceOf(S3Exception.class);
    }

    @Test
    void whoMayNotListVersionsCannotProveThatANameIsGone() {
        for (Class<? extends S3Request> request :
                List.of(ListObjectVersionsRequest.class, ListMultipartUploadsRequest.class)) {
            S3Client denied = with(asked -> request.isInstance(asked) ? error(403, "AccessDenied") : null);
            assertThatThrownBy(() -> delete(denied)).isInstanceOf(NameRemains.class);
        }
    }

    @Test
    void aWriterWhoPutsTheNameAgainAndAgainIsReported() {
        put(NAME);
        S3Client busy = new DelegatingS3Client(s3) {
            @Override
            public ListObjectVersionsResponse listObjectVersions(ListObjectVersionsRequest request) {
                put(NAME);
                return super.listObjectVersions(request);
            }
        };
        assertThatThrownBy(() -> delete(busy)).isInstanceOf(NameRemains.class).hasMessageContaining("still lists");
    }

    /** MinIO answers 204 to the deletion of a null delete marker, and keeps it. */
    @Test
    void aVersionThatIsNotDeletedAloneIsDeletedTogetherWithOthers() throws Exception {
        versioning(BucketVersioningStatus.SUSPENDED);
        put(NAME);
        hide();
        S3Client keeping = new DelegatingS3Client(s3) {
            @Override
            public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
                return DeleteObjectResponse.builder().build();
            }
        };
        VersionListing.Version marker = left().get(0);
        new NameDeletion(keeping, bucket).delete(marker);
        assertThat(left()).isEmpty();
        new NameDeletion(s3, bucket).delete(marker);

        put(NAME);
        hide();
        delete(keeping);
        assertThat(left()).isEmpty();
    }

    @Test
    void aStoreWithoutVersionsIsListedInTheOrdinaryWay() throws Exception {
        for (Map<Class<? extends S3Request>, S3Exception> store : List.<Map<Class<? extends S3Request>, S3Exception>>of(
                Map.of(ListObjectVersionsRequest.class, error(501, "NotImplemented")),
                Map.of(
                        ListObjectVersionsRequest.class,
                        error(405, "MethodNotAllowed"),
                        GetBucketVersioningRequest.class,
                        error(501, "NotImplemented"),
                        ListMultipartUploadsRequest.class,
                        error(501, "NotImplemented")))) {
            put(NAME);
            put(NAME + "4");
            delete(with(request -> store.get(request.getClass())));
            assertThat(left()).hasSize(1);
        }
    }

    @Test
    void aStoreThatHasVersionsAndDoesNotListThemIsReported() {
        versioning(BucketVersioningStatus.SUSPENDED);
        put(NAME);
        S3Client hiding =
                with(request -> request instanceof ListObjectVersionsRequest ? error(501, "NotImplemented") : null);
        assertThatThrownBy(() -> delete(hiding)).isInstanceOf(S3Exception.class);
        S3Client silent = with(request -> switch (request) {
            case ListObjectVersionsRequest list -> error(501, "NotImplemented");
            case GetBucketVersioningRequest get -> error(403, "AccessDenied");
            default -> null;
        });
        assertThatThrownBy(() -> delete(silent)).isInstanceOf(NameRemains.class);
        assertThat(left()).hasSize(1);
    }

    private void delete(S3Client client) throws NameRemains {
        new NameDeletion(client, bucket).delete(NAME);
    }

    private List<VersionListing.Version> left() {
        return new VersionListing(s3, bucket).page("", "");
    }

    private void put(String name) {
        s3.putObject(put -> put.bucket(bucket).key(name), RequestBody.fromString("a value"));
    }

    private void hide() {
        s3.deleteObject(delete -> delete.bucket(bucket).key(NAME));
    }

    private void versioning(BucketVersioningStatus status) {
        s3.putBucketVersioning(put -> put.bucket(bucket).versioningConfiguration(c -> c.status(status)));
    }

    private static S3Exception error(int status, String code) {
        return (S3Exception) S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }

    /** The store, which answers some requests with an error. */
    private static S3Client with(Function<S3Request, @Nullable S3Exception> refusal) {
        return new DelegatingS3Client(s3) {
            @Override
            protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
                S3Exception refused = refusal.apply(request);
                if (refused != null) throw refused;
                return operation.apply(request);
            }
        };
    }
}
