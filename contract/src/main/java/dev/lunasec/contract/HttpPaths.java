package dev.lunasec.contract;

/**
 * The paths of the tokenizer. The Java client has them once more, because it is published without this module; its
 * tests call a real tokenizer on each.
 */
public final class HttpPaths {
    public static final String TOKENIZE = "/tokenize";
    public static final String DETOKENIZE = "/detokenize";
    public static final String METADATA_GET = "/metadata/get";

    /** Always refused: metadata is given to {@link #TOKENIZE} and never changes. */
    public static final String METADATA_SET = "/metadata/set";

    public static final String GRANT_SET = "/grant/set";
    public static final String GRANT_REVOKE = "/grant/revoke";
    public static final String GRANT_VERIFY = "/grant/verify";
    public static final String TOKEN_ERASE = "/token/erase";
    public static final String TOKEN_REKEY = "/token/rekey";

    /** Makes a token whose value is uploaded in parts, and begins the upload. */
    public static final String UPLOAD_START = "/upload/start";

    public static final String UPLOAD_PARTS = "/upload/parts";
    public static final String UPLOAD_COMPLETE = "/upload/complete";
    public static final String UPLOAD_ABORT = "/upload/abort";

    public static final String TOKENIZE_BATCH = "/tokenize/batch";
    public static final String DETOKENIZE_BATCH = "/detokenize/batch";
    public static final String GRANT_SET_BATCH = "/grant/set/batch";
    public static final String GRANT_VERIFY_BATCH = "/grant/verify/batch";
    public static final String TOKEN_ERASE_BATCH = "/token/erase/batch";
    /** Sends a browser to the login of an issuer. */
    public static final String SESSION_ENSURE = "/session/ensure";

    /** Makes a cookie of the JWT with which the browser returns from there. */
    public static final String SESSION_CREATE = "/session/create";

    /** Whether the browser has such a cookie that is valid. */
    public static final String SESSION_VERIFY = "/session/verify";

    /** Takes the cookie from the browser again. */
    public static final String SESSION_END = "/session/end";

    /** Makes a one-time code with which a frame on another site acts for a session. */
    public static final String SESSION_CODE = "/session/code";

    /** Gives a frame an access token for such a code. */
    public static final String SESSION_REDEEM = "/session/redeem";

    /** The page of the secure frame. */
    public static final String FRAME = "/frame";

    /** The script or the style of that page. The hash names the version of both. */
    public static final String FRAME_FILE = "/frame/{hash}/page/{file}";

    /** The script with which a page embeds the secure frame. */
    public static final String COMPONENTS = "/components.js";

    /** The Simple API, which has no credentials: makes a token. */
    public static final String SIMPLE_TOKENIZE = "/.lunasec/tokenize";

    /** The Simple API: reads the value of a token that it made. */
    public static final String SIMPLE_DETOKENIZE = "/.lunasec/detokenize";

    /** The public keys of receipts, a JWK Set. */
    public static final String RECEIPT_KEYS = "/.well-known/tokenizer/keys";

    /** Whether the tokenizer answers; on the port for callers, so that an agent can ask. */
    public static final String HEALTH = "/health";

    /** The HTTP contract, see {@link OpenApi}. */
    public static final String OPENAPI_YAML = "/openapi.yaml";

    /** The same as JSON. */
    public static final String OPENAPI_JSON = "/openapi.json";

    private HttpPaths() {}
}
