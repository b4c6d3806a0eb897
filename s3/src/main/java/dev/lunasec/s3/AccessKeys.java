package dev.lunasec.s3;

/** The credentials of an account of the store. */
public record AccessKeys(String accessKeyId, String secretAccessKey) {

    /** Without the secret. */
    @Override
    public String toString() {
        return "AccessKeys[hidden]";
    }
}
