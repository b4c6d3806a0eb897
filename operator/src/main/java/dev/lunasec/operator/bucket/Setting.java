package dev.lunasec.operator.bucket;

/** The settings of a bucket that the operator manages, in the order in which it applies them. */
public enum Setting {
    /** The tag that names the vault to which the bucket belongs. */
    OWNER_TAG("OwnerTag"),
    /**
     * SSE-C is allowed. AWS has blocked it on new buckets since April 2026. Other stores have no such block, and some
     * stop working when the operator writes this setting, so it is written only when the canary finds SSE-C blocked.
     */
    SSEC_ALLOWED("SSECAllowed"),
    /** Nobody can make the bucket or an object in it public. */
    PUBLIC_ACCESS_BLOCK("PublicAccessBlock"),
    /** Requests without TLS are denied. */
    TLS_ONLY("TLSOnly"),
    /** Browsers may upload and download from the frame's origin, and from no other origin. */
    CORS("CORS"),
    /** The store aborts uploads that were started and never completed. */
    ABORT_STALE_UPLOADS("AbortStaleUploads");

    private final String title;

    Setting(String title) {
        this.title = title;
    }

    /** The name in the status of the resource. */
    public String title() {
        return title;
    }
}
