package dev.lunasec.tokenizer.grant;

import dev.lunasec.tokenizer.failure.CallFailed;
import java.time.Duration;

/**
 * The codes that applications have made for frames. Each is good for one redemption by one frame. When Redis loses a
 * code, the frame asks for another one. Every method throws {@link CallFailed} with {@link
 * dev.lunasec.contract.ErrorCode#GRANTS_UNAVAILABLE} when Redis gives no answer in time.
 */
public interface FrameCodes {
    /** How long a frame has to redeem a code. */
    Duration LIFETIME = Duration.ofSeconds(60);

    /**
     * Begins a code. Only a fixed number of them is kept for each application, so that none can fill Redis or replace
     * the codes of another: a new one replaces the oldest of its application.
     *
     * @param application the pseudonym of the application that makes the code
     * @param nonce of the frame that may redeem it
     * @return the id of the code, with 256 random bits; at most 49 letters, digits, dots, hyphens and underscores
     * @throws CallFailed {@link dev.lunasec.contract.ErrorCode#GRANTS_FULL} when Redis has no memory left
     */
    String begin(String application, String nonce);

    /**
     * Takes a code, in one step: if two callers take it at the same time, only one gets it. A call with a wrong nonce
     * leaves the code as it is.
     *
     * @param application the pseudonym of the application that made the code
     * @param id any text
     * @return whether it was begun for this nonce within {@link #LIFETIME} and nobody has taken it
     */
    boolean take(String application, String id, String nonce);
}
