package dev.lunasec.s3;

import java.time.Duration;
import java.util.function.Function;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * A client that waits longer for each answer than {@link S3Connection} does. It is for pages of a thousand names, which
 * a busy store does not list in the time of other requests. Only a maintenance Job uses it, because no caller of the
 * vault waits for that.
 */
public final class ListingClient extends DelegatingS3Client {
    /** How long one attempt of a call may take. */
    private static final Duration ATTEMPT = Duration.ofSeconds(30);

    /** How long a call may take, retries included. */
    private static final Duration CALL = ATTEMPT.multipliedBy(2);

    public ListingClient(S3Client delegate) {
        super(delegate);
    }

    @Override
    @SuppressWarnings("unchecked") // A copy of a request has the type of the request.
    protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
        AwsRequestOverrideConfiguration.Builder times = request.overrideConfiguration()
                .map(AwsRequestOverrideConfiguration::toBuilder)
                .orElseGet(AwsRequestOverrideConfiguration::builder)
                .apiCallAttemptTimeout(ATTEMPT)
                .apiCallTimeout(CALL);
        return operation.apply(
                (T) request.toBuilder().overrideConfiguration(times.build()).build());
    }
}
