package dev.lunasec.s3;

/** The result of a test of the store. The names are reasons in conditions and in the answer to the readiness probe. */
public enum StoreStatus {
    /** The store enforces everything that the vault needs. */
    Ready("The store enforces signatures and SSE-C."),
    /** The store gives no answer. */
    StoreUnreachable("The store gives no answer; check storage.endpoint, trustedCA and the network."),
    /** The access key is unknown, or its secret is wrong. */
    CredentialsRejected(
            "The store refuses the credentials; write the right accessKeyId and secretAccessKey into their Secret."),
    /** The account lacks a permission. */
    AccessDenied("The account may not put, get and delete objects in the bucket; allow it to."),
    /** The bucket does not exist. */
    BucketMissing("The bucket does not exist; create it, or set storage.provisioning to Create."),
    /** The bucket is in another region. */
    WrongRegion("The bucket is in another region; set storage.region to that one."),
    /** The store refuses SSE-C for this bucket. */
    SSECBlocked("The bucket refuses SSE-C; allow it with BlockedEncryptionTypes NONE in the bucket's encryption."),
    /** The store does not know SSE-C. */
    SSECUnsupported(
            "The store cannot encrypt with customer keys (SSE-C) at this endpoint; use one that can, over https."),
    /** The store accepts the key and stores the value unencrypted. */
    SSECIgnored(
            "The store ignores customer keys (SSE-C) and stores values unencrypted; use a store that supports them."),
    /** The store accepts requests whose signature is for another request. */
    SignaturesIgnored(
            "The store accepts requests whose signature is for another key or length; use a store that rejects them."),
    /** The account may not delete everything that an erasure deletes. Reads and writes go on. */
    DeletionDenied(
            "The account may not delete versions of objects, so nothing can be erased; allow s3:ListBucketVersions,"
                    + " s3:DeleteObjectVersion, s3:ListBucketMultipartUploads and s3:AbortMultipartUpload."),
    /** The store failed in a way that has no name here. */
    StoreFailed("The store answers with errors; check that storage.endpoint is that of an S3 store, and read its log.");

    private final String message;

    StoreStatus(String message) {
        this.message = message;
    }

    /** One sentence that says what to do. */
    public String message() {
        return message;
    }
}
