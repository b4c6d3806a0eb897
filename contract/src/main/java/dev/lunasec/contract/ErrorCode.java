package dev.lunasec.contract;

/** Every way in which a call can fail. The names are part of the wire contract ({@code error.name}): they never change. */
public enum ErrorCode {
    /** The body is not the JSON that the route takes. */
    BAD_REQUEST("badRequest"),
    /** The text given as a token does not have the form of one. */
    MALFORMED_TOKEN("malformedToken"),
    /** A duration is not a Go duration, is not positive, or is over the maximum. */
    BAD_DURATION("badDuration"),
    /** No credentials, or none that hold: who calls is not known. */
    UNAUTHENTICATED("unauthenticated"),
    /** The session is not the one that the client has locked itself to. */
    SESSION_MISMATCH("sessionMismatch"),
    /** Who calls is known, and may not use this route. */
    NOT_ALLOWED("notAllowed"),
    /** The caller's session holds no valid grant for this token. */
    NO_GRANT("noGrant"),
    /** There is no route at this path. */
    NO_SUCH_ROUTE("noSuchRoute"),
    /** No record belongs to this token, or it has been erased or has expired. */
    UNKNOWN_TOKEN("unknownToken"),
    /** The route is there, for another method. */
    METHOD_NOT_ALLOWED("methodNotAllowed"),
    /** The body, the metadata or the announced size is over its limit. */
    TOO_LARGE("tooLarge"),
    /** The body is not announced as JSON. */
    UNSUPPORTED_MEDIA_TYPE("unsupportedMediaType"),
    /** The tokenizer has as much to do as it takes on at once. */
    TOO_MANY_REQUESTS("tooManyRequests"),
    /** A record was found that cannot be opened: it is damaged, or was not written by this vault. */
    CORRUPT_RECORD("corruptRecord"),
    /** The object store does not do what this call needs. */
    NOT_SUPPORTED("notSupported"),
    /** Grants can't be checked at the moment. */
    GRANTS_UNAVAILABLE("grantsUnavailable"),
    /** The object store can't be reached at the moment. */
    STORAGE_UNAVAILABLE("storageUnavailable"),
    /** The keys of an issuer can't be fetched at the moment. */
    ISSUER_UNAVAILABLE("issuerUnavailable"),
    /** The agent of a pod gets no answer from the tokenizer at the moment. */
    TOKENIZER_UNAVAILABLE("tokenizerUnavailable"),
    /** The tokenizer is about to end, and takes no more requests. */
    STOPPING("stopping"),
    /** The tokenizer is at fault. */
    INTERNAL("internalError");

    private final String code;

    ErrorCode(String code) {
        this.code = code;
    }

    /** The name on the wire, in camel case. */
    public String code() {
        return code;
    }
}
