package dev.lunasec.tokenizer.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.RewrapEnvironment;
import dev.lunasec.contract.VaultFiles;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.token.RecordId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.S3Request;

/** Rewrap and sweep behind a proxy that shows one folder as empty in every listing, while its objects can be read. */
@Tag("embedded")
class HiddenFolderTest {
    private static final StoreRetry SHORT = new StoreRetry(Duration.ofSeconds(1));

    @RegisterExtension
    private static final Rotating vault = new Rotating();

    @Test
    void withoutTheListingOfTheRecordsNothingIsMovedOrDeleted() throws Exception {
        for (int i = 0; i < 5; i++) vault.token();
        mark(Rotating.id(vault.token()));
        List<String> before = vault.all("");
        Bucket bucket = hiding("records/");
        assertThat(rewrap(bucket).run().moved()).isZero();
        assertThat(sweep(bucket).records()).isZero();
        assertThat(vault.all("")).isEqualTo(before);
    }

    /** The move reads the marker of each record, so it needs no listing of them. */
    @Test
    void withoutTheListingOfTheMarkersAMoveBringsNoErasedRecordBack() throws Exception {
        RecordId kept = Rotating.id(vault.token());
        mark(Rotating.id(vault.token()));
        Bucket bucket = hiding("erased/");
        rewrap(bucket).run();
        assertThat(vault.all("records/1/")).isEmpty();
        assertThat(sweep(bucket).records()).isZero();
        assertThat(vault.all("records/2/")).containsExactly("records/2/" + kept);
    }

    private static void mark(RecordId id) {
        new S3ErasureMarkers(vault.bucket, Rotating.KEYRING).put(Rotating.erased(id));
    }

    private static Rewrap rewrap(Bucket bucket) {
        VaultFiles files = new VaultFiles(Path.of("settings.json"), null, Path.of("keyring"), null, null, null);
        return new Rewrap(bucket, Rotating.KEYRING, new RewrapEnvironment(files, 1, 1, 0, null), SHORT);
    }

    private static Sweep.Done sweep(Bucket bucket) throws InterruptedException {
        return new Sweep(bucket, Rotating.KEYRING, Instant.MAX, SHORT).run();
    }

    private static Bucket hiding(String folder) {
        return Rotating.by(new Hiding(vault.s3(), folder));
    }

    private static final class Hiding extends DelegatingS3Client {
        private static final String NOTHING = "no-such-folder/";
        private final String folder;

        Hiding(S3Client delegate, String folder) {
            super(delegate);
            this.folder = folder;
        }

        @Override
        @SuppressWarnings("unchecked") // a copy of a request has the type of the request
        protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
            return operation.apply((T) hidden(request));
        }

        private S3Request hidden(S3Request request) {
            if (request instanceof ListObjectsV2Request list && list.prefix().startsWith(folder)) {
                return list.copy(copy -> copy.prefix(NOTHING));
            }
            if (request instanceof ListObjectVersionsRequest list
                    && list.prefix().startsWith(folder)) {
                return list.copy(copy -> copy.prefix(NOTHING));
            }
            return request;
        }
    }
}
