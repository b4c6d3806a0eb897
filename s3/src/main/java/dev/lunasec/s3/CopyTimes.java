package dev.lunasec.s3;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;

/** How long the requests of one copy in parts may take. */
final class CopyTimes {
    /** In bytes; a busy store copies so much within {@link S3Connection#ATTEMPT}. */
    static final long PART = 16L << 20;

    /** For all requests together. The agent waits ten minutes for a rekey, which does more than the copy. */
    private static final Duration ALL = Duration.ofMinutes(9);

    private final LongSupplier nanoTime;
    private final long end;

    /**
     * Of a copy that begins now.
     *
     * @param nanoTime as {@link System#nanoTime}
     */
    CopyTimes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.end = nanoTime.getAsLong() + ALL.toNanos();
    }

    /**
     * The time for the copy of a part, which grows with its size.
     *
     * @throws SdkClientException when no time is left
     */
    Consumer<AwsRequestOverrideConfiguration.Builder> ofPart(long bytes) {
        Duration time = S3Connection.ATTEMPT.multipliedBy(Math.ceilDiv(bytes, PART));
        return within(time.compareTo(S3Connection.LONGEST_ATTEMPT) < 0 ? time : S3Connection.LONGEST_ATTEMPT);
    }

    /**
     * The time of a request: two attempts, if that is left.
     *
     * @throws SdkClientException when no time is left
     */
    Consumer<AwsRequestOverrideConfiguration.Builder> within(Duration attempt) {
        Duration left = Duration.ofNanos(end - nanoTime.getAsLong());
        if (!left.isPositive()) throw SdkClientException.create("the store did not copy all parts in time");
        Duration both = attempt.multipliedBy(2);
        return request -> request.apiCallAttemptTimeout(attempt).apiCallTimeout(both.compareTo(left) < 0 ? both : left);
    }
}
