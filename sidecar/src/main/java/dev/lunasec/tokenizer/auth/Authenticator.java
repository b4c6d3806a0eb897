package dev.lunasec.tokenizer.auth;

/** Tells who calls from the credentials of a request. */
public interface Authenticator {

    /**
     * Checks credentials.
     *
     * @param credentials a JWT, also one of a ServiceAccount, with nothing or {@code Bearer} before it
     * @throws dev.lunasec.tokenizer.failure.CallFailed {@link dev.lunasec.contract.ErrorCode#UNAUTHENTICATED} when they do
     *     not hold, {@link dev.lunasec.contract.ErrorCode#ISSUER_UNAVAILABLE} when that can't be found out now
     */
    Caller authenticate(String credentials);
}
