package dev.lunasec.tokenizer.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.s3.S3Connection;
import dev.lunasec.tokenizer.testing.VaultBucket;
import dev.lunasec.tokenizer.testing.WatchedS3;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.s3.model.S3Request;

/** How long a store may take for a listing. */
@Tag("embedded")
class BucketListingTest {
    @AutoClose
    private final VaultBucket store = new VaultBucket();

    @AutoClose
    private final S3Connection connection = store.connection();

    @Test
    void aStoreMayTakeHalfAMinuteForAPage() {
        List<AwsRequestOverrideConfiguration> times = new ArrayList<>();
        WatchedS3 watched = new WatchedS3(connection.s3(), new WatchedS3.Watch() {
            @Override
            public void before(S3Request request) {
                times.add(request.overrideConfiguration().orElseThrow());
            }
        });
        BucketListing listing = new BucketListing(watched, VaultBucket.NAME);
        assertThat(listing.objects("objects/", "")).isEmpty();
        assertThat(listing.versions("records/1/", "")).isEmpty();
        assertThat(listing.names("records/1/", "")).isEmpty();
        assertThat(listing.folders("uploads/")).isEmpty();
        assertThat(times).hasSizeGreaterThanOrEqualTo(4).allSatisfy(time -> {
            assertThat(time.apiCallAttemptTimeout()).contains(Duration.ofSeconds(30));
            assertThat(time.apiCallTimeout()).contains(Duration.ofMinutes(1));
        });
    }
}
