package dev.lunasec.tokenizer.auth;

/** Identifies the caller by the credentials of a request. */
public interface Authenticator {

    /**
     * Checks credentials.
     *
     * @param credentials a JWT, also one of a ServiceAccount, with nothing or {@code Bearer} before it
     * @throws dev.lunasec.tokenizer.failure.CallFailed {@link dev.lunasec.contract.ErrorCode#UNAUTHENTICATED} if they
     *     are not valid, {@link dev.lunasec.contract.ErrorCode#ISSUER_UNAVAILABLE} if they cannot be checked at the
     *     moment
     */
    Caller authenticate(String credentials);
}
