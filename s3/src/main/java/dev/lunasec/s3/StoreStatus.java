package dev.lunasec.s3;

/** What a look at the store has found; the names stand as reasons in conditions and in readiness. */
public enum StoreStatus {
    /** All that the vault builds on is enforced. */
    Ready("The store enforces signatures and SSE-C."),
    /** No answer. */
    StoreUnreachable("The store gives no answer; check storage.endpoint, trustedCA and the network."),
    /** The key is unknown or its secret is wrong. */
    CredentialsRejected(
            "The store refuses the credentials; write the right accessKeyId and secretAccessKey into their Secret."),
    /** The account may not do what is needed. */
    AccessDenied("The account may not put, get and delete objects in the bucket; allow it to."),
    /** There is no such bucket. */
    BucketMissing("The bucket does not exist; create it, or set storage.provisioning to Create."),
    /** The bucket is elsewhere. */
    WrongRegion("The bucket is in another region; set storage.region to that one."),
    /** The store refuses SSE-C for this bucket. */
    SSECBlocked("The bucket refuses SSE-C; allow it with BlockedEncryptionTypes NONE in the bucket's encryption."),
    /** The store does not know SSE-C. */
    SSECUnsupported(
            "The store can't encrypt with customer keys (SSE-C) at this endpoint; use one that can, over https."),
    /** The store takes the key and writes the bytes in clear. */
    SSECIgnored("The store ignores customer keys (SSE-C) and keeps objects in clear; use a store that honours them."),
    /** The store takes requests that were signed for something else. */
    SignaturesIgnored("The store takes requests whose signature is for another key or length; use one that checks."),
    /** Something that has no name here. */
    StoreFailed("The store answers with errors; look at its log.");

    private final String message;

    StoreStatus(String message) {
        this.message = message;
    }

    /** One sentence that says what to do. */
    public String message() {
        return message;
    }
}
