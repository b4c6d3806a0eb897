package dev.lunasec.contract;

/**
 * Every way in which a call can fail: its name on the wire ({@code error.name}), which never changes, and its HTTP
 * status. The Java client has the same names in an enum of its own, because it is published without this module; a test
 * compares both.
 */
public enum ErrorCode {
    /** The body is not the JSON that the route takes. */
    BAD_REQUEST("badRequest", 400),
    /** The text given as a token does not have the form of one. */
    MALFORMED_TOKEN("malformedToken", 400),
    /** The Simple API got no token. */
    NO_TOKEN_ID("noTokenId", 400),
    /** The Simple API got a text that does not have the form of a token. */
    BAD_TOKEN_ID("badTokenId", 400),
    /** The state of a login was not given to this browser, has expired, or was used before. */
    INVALID_STATE("invalidState", 400),
    /** A code is not one of this vault or of this frame, has expired, or was redeemed before. */
    INVALID_CODE("invalidCode", 400),
    /** A duration is not a Go duration, is not positive, or is over the maximum. */
    BAD_DURATION("badDuration", 400),
    /** There are no credentials, or they are not valid. */
    UNAUTHENTICATED("unauthenticated", 401),
    /** The client locked itself to another session. */
    SESSION_MISMATCH("sessionMismatch", 401),
    /** The caller is known and may not use this route. */
    NOT_ALLOWED("notAllowed", 403),
    /** A browser sent its cookie with a request that is not of a page of the tokenizer. */
    CROSS_ORIGIN("crossOrigin", 403),
    /** The page that embeds the secure frame is of an origin that the vault does not allow. */
    ORIGIN_NOT_ALLOWED("originNotAllowed", 403),
    /** The caller's session holds no valid grant for this token. */
    NO_GRANT("noGrant", 403),
    /** There is no route at this path. */
    NO_SUCH_ROUTE("noSuchRoute", 404),
    /** No record belongs to this token, or it has been erased or has expired. */
    UNKNOWN_TOKEN("unknownToken", 404),
    /** No upload in parts with this id runs for this token: it is complete, was aborted, or never began. */
    UNKNOWN_UPLOAD("unknownUpload", 404),
    /** The route exists for another method. */
    METHOD_NOT_ALLOWED("methodNotAllowed", 405),
    /** The metadata of a token never changes. */
    METADATA_IMMUTABLE("metadataImmutable", 409),
    /** The parts that the store has are not the parts that the call names, or not the announced size. */
    UPLOAD_INCOMPLETE("uploadIncomplete", 409),
    /** The body, the metadata or the announced size is over its limit. */
    TOO_LARGE("tooLarge", 413),
    /** The {@code content-type} of the body is not JSON. */
    UNSUPPORTED_MEDIA_TYPE("unsupportedMediaType", 415),
    /** The tokenizer already handles as many calls as it accepts at once. */
    TOO_MANY_REQUESTS("tooManyRequests", 429),
    /** As many grants of this application or session are valid as it may have. */
    TOO_MANY_GRANTS("tooManyGrants", 429),
    /** The record is unreadable or quarantined. */
    CORRUPT_RECORD("corruptRecord", 500),
    /** The object store does not support what this call needs. */
    NOT_SUPPORTED("notSupported", 501),
    /** Grants cannot be checked at the moment. */
    GRANTS_UNAVAILABLE("grantsUnavailable", 503),
    /** Redis has no memory for more grants; reading and erasing work. */
    GRANTS_FULL("grantsFull", 503),
    /** A replica of Redis did not confirm a revocation or the mark of an erasure, so a failover could undo it. */
    REPLICATION_UNCONFIRMED("replicationUnconfirmed", 503),
    /** The object store cannot be reached at the moment. */
    STORAGE_UNAVAILABLE("storageUnavailable", 503),
    /** The bucket is not the one of this vault, so nothing is written into it; reads go on. */
    WRONG_BUCKET("wrongBucket", 503),
    /** The object store refuses to delete all versions of an object, so nothing proves that it is gone. */
    ERASURE_INCOMPLETE("erasureIncomplete", 503),
    /** The keys of an issuer cannot be fetched at the moment. */
    ISSUER_UNAVAILABLE("issuerUnavailable", 503),
    /** The agent gets no answer from the tokenizer at the moment. */
    TOKENIZER_UNAVAILABLE("tokenizerUnavailable", 503),
    /** The tokenizer is shutting down and accepts no more requests. */
    STOPPING("stopping", 503),
    /** The tokenizer has a fault. */
    INTERNAL("internalError", 500);

    private final String code;
    private final int status;

    ErrorCode(String code, int status) {
        this.code = code;
        this.status = status;
    }

    /** The name on the wire, in camel case. */
    public String code() {
        return code;
    }

    /** The HTTP status of the answer, 400 to 503. */
    public int status() {
        return status;
    }

    /** Whether the same call may succeed a little later; the answer then has a {@code retry-after} header. */
    public boolean isRetryable() {
        return isRetryable(status);
    }

    /** Whether a call with this HTTP status may succeed a little later: 429 and 503. */
    public static boolean isRetryable(int status) {
        return status == 429 || status == 503;
    }
}
