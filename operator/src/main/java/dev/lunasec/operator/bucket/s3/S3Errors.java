package dev.lunasec.operator.bucket.s3;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What the error responses of stores mean. */
final class S3Errors {
    private static final Set<String> UNKNOWN_REQUEST =
            Set.of("NotImplemented", "MalformedXML", "InvalidArgument", "InvalidRequest");

    private S3Errors() {}

    /** The error code, for example {@code AccessDenied}; empty if the response has none. */
    static String code(S3Exception e) {
        String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }

    static boolean isNoSuchBucket(S3Exception e) {
        return code(e).equals("NoSuchBucket");
    }

    static boolean isDenied(S3Exception e) {
        return e.statusCode() == 403;
    }

    /**
     * Whether the store does not know the request. Stores use three statuses for this. A 400 with another code, or
     * without one, is a passing error: of the credentials, of a clock, or of a proxy.
     */
    static boolean isUnsupported(S3Exception e) {
        return switch (e.statusCode()) {
            case 501, 405 -> true;
            case 400 -> UNKNOWN_REQUEST.contains(code(e));
            default -> false;
        };
    }

    /** Whether the bucket exists, but not the setting that was requested. */
    static boolean isAbsent(S3Exception e) {
        return e.statusCode() == 404 && !isNoSuchBucket(e);
    }

    /** The list of a setting; empty if it is absent, unsupported or may not be read. */
    static <T> List<T> orEmpty(Supplier<List<T>> read) {
        try {
            return read.get();
        } catch (S3Exception e) {
            if (isAbsent(e) || isUnsupported(e) || isDenied(e)) return List.of();
            throw e;
        }
    }
}
