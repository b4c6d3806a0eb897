package dev.lunasec.tokenizer.grant;

import dev.lunasec.tokenizer.failure.CallFailed;
import java.time.Duration;

/**
 * The states of logins that browsers have begun. A state is random, and each is good for one login. When Redis loses
 * it, the browser begins again. Every method throws {@link CallFailed} with {@link
 * dev.lunasec.contract.ErrorCode#GRANTS_UNAVAILABLE} when Redis gives no answer in time.
 */
public interface LoginStates {
    /** How long a login may take. */
    Duration LIFETIME = Duration.ofMinutes(10);

    /**
     * Makes a state. Only a fixed number of them is kept, so that strangers cannot fill Redis: a new one replaces the
     * oldest.
     *
     * @param issuer the name of the issuer at which the browser logs in
     * @return at most 64 letters, digits, dots, hyphens and underscores; a secret of the browser and the issuer
     * @throws CallFailed {@link dev.lunasec.contract.ErrorCode#GRANTS_FULL} when Redis has no memory left
     */
    String begin(String issuer);

    /**
     * Takes a state, in one step: if two callers take it at the same time, only one gets it.
     *
     * @param state any text
     * @return whether it was made for this issuer within {@link #LIFETIME} and nobody has taken it
     */
    boolean take(String state, String issuer);
}
