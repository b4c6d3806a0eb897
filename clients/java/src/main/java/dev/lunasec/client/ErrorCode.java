package dev.lunasec.client;

/**
 * Why a call failed. The tokenizer names the cause in its answer; the last three constants are causes that this client
 * finds itself.
 */
public enum ErrorCode {
    /** The body is not the JSON that the route takes. */
    BAD_REQUEST("badRequest"),
    /** The text given as a token does not have the form of one. */
    MALFORMED_TOKEN("malformedToken"),
    /** The Simple API got no token. */
    NO_TOKEN_ID("noTokenId"),
    /** The Simple API got a text that does not have the form of a token. */
    BAD_TOKEN_ID("badTokenId"),
    /** The state of a login was not given to this browser, has expired, or was used before. */
    INVALID_STATE("invalidState"),
    /** A code is not one of this vault or of this frame, has expired, or was redeemed before. */
    INVALID_CODE("invalidCode"),
    /** A duration is not positive, or is over the maximum of the vault. */
    BAD_DURATION("badDuration"),
    /** There are no credentials, or they are not valid. */
    UNAUTHENTICATED("unauthenticated"),
    /** The client locked itself to another session. */
    SESSION_MISMATCH("sessionMismatch"),
    /** The caller is known and may not use this route. */
    NOT_ALLOWED("notAllowed"),
    /** A browser sent its cookie with a request that is not of a page of the tokenizer. */
    CROSS_ORIGIN("crossOrigin"),
    /** The page that embeds the secure frame is of an origin that the vault does not allow. */
    ORIGIN_NOT_ALLOWED("originNotAllowed"),
    /** The caller's session holds no valid grant for this token. */
    NO_GRANT("noGrant"),
    /** There is no route at this path: the tokenizer is older than this client. */
    NO_SUCH_ROUTE("noSuchRoute"),
    /** No record belongs to this token, or it has been erased or has expired. */
    UNKNOWN_TOKEN("unknownToken"),
    /** No upload in parts with this id runs for this token: it is complete, was aborted, or never began. */
    UNKNOWN_UPLOAD("unknownUpload"),
    /** The route exists for another method. */
    METHOD_NOT_ALLOWED("methodNotAllowed"),
    /** The metadata of a token never changes. */
    METADATA_IMMUTABLE("metadataImmutable"),
    /** The parts that the store has are not the parts that were sent, or not the announced size. */
    UPLOAD_INCOMPLETE("uploadIncomplete"),
    /** The value, the metadata or the body is over its limit. */
    TOO_LARGE("tooLarge"),
    /** The {@code content-type} of the body is not JSON. */
    UNSUPPORTED_MEDIA_TYPE("unsupportedMediaType"),
    /** The tokenizer already handles as many calls as it accepts at once. */
    TOO_MANY_REQUESTS("tooManyRequests"),
    /** As many grants of this application or session are valid as it may have. */
    TOO_MANY_GRANTS("tooManyGrants"),
    /** The record is unreadable or quarantined. */
    CORRUPT_RECORD("corruptRecord"),
    /** The object store does not support what this call needs. */
    NOT_SUPPORTED("notSupported"),
    /** Grants cannot be checked at the moment. */
    GRANTS_UNAVAILABLE("grantsUnavailable"),
    /** Redis has no memory for more grants; reading and erasing work. */
    GRANTS_FULL("grantsFull"),
    /** A replica of Redis did not confirm a revocation or the mark of an erasure, so a failover could undo it. */
    REPLICATION_UNCONFIRMED("replicationUnconfirmed"),
    /** The tokenizer cannot reach the object store at the moment. */
    STORAGE_UNAVAILABLE("storageUnavailable"),
    /** The bucket is not the one of this vault, so the tokenizer writes nothing into it; reads go on. */
    WRONG_BUCKET("wrongBucket"),
    /** The object store refuses to delete all versions of the value, so there is no receipt. */
    ERASURE_INCOMPLETE("erasureIncomplete"),
    /** The tokenizer cannot fetch the keys of an issuer at the moment. */
    ISSUER_UNAVAILABLE("issuerUnavailable"),
    /** The agent gets no answer from the tokenizer at the moment. */
    TOKENIZER_UNAVAILABLE("tokenizerUnavailable"),
    /** The tokenizer is shutting down and accepts no more requests. */
    STOPPING("stopping"),
    /** The tokenizer has a fault. */
    INTERNAL("internalError"),

    /** The tokenizer or the object store gave no answer in time. */
    UNREACHABLE("unreachable"),
    /** The object store refused a transfer, or the transfer ended early. */
    TRANSFER_FAILED("transferFailed"),
    /** The answer names a cause that this version of the client does not know, or does not come from a tokenizer. */
    UNKNOWN("unknown");

    private final String code;

    ErrorCode(String code) {
        this.code = code;
    }

    /** The name on the wire, in camel case; it never changes. */
    public String code() {
        return code;
    }

    /** The constant with a name on the wire, {@link #UNKNOWN} for any other name. */
    static ErrorCode of(String code) {
        for (ErrorCode known : values()) {
            if (known.code.equals(code)) return known;
        }
        return UNKNOWN;
    }
}
