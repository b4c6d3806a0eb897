package dev.lunasec.operator.bucket;

/** What the operator sets on a bucket, in the order in which it does. */
public enum Setting {
    /** Whose the bucket is. */
    OWNER_TAG("OwnerTag"),
    /** AWS blocks SSE-C on new buckets since April 2026; other stores have no such block, and some break when told. */
    SSEC_ALLOWED("SSECAllowed"),
    /** No public reading or writing, whatever an object's own settings say. */
    PUBLIC_ACCESS_BLOCK("PublicAccessBlock"),
    /** No request without TLS. */
    TLS_ONLY("TLSOnly"),
    /** The frame's own origin, and no other, may upload and download from a browser. */
    CORS("CORS"),
    /** What was begun and never completed is cleared away. */
    ABORT_STALE_UPLOADS("AbortStaleUploads");

    private final String title;

    Setting(String title) {
        this.title = title;
    }

    /** The name in the status. */
    public String title() {
        return title;
    }
}
