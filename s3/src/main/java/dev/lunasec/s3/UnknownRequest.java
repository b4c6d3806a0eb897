package dev.lunasec.s3;

import java.util.Set;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The answers of a store that does not implement a request of S3. */
public final class UnknownRequest {
    private static final Set<Integer> STATUSES = Set.of(405, 501);

    private UnknownRequest() {}

    /** Whether the store does not know the request. */
    public static boolean is(S3Exception e) {
        return STATUSES.contains(e.statusCode())
                || (e.awsErrorDetails() != null
                        && "NotImplemented".equals(e.awsErrorDetails().errorCode()));
    }
}
