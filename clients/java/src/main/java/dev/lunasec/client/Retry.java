package dev.lunasec.client;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Retries calls whose failure may pass: at most {@value #ATTEMPTS} attempts, with growing, random waits between them.
 */
final class Retry {
    /** The statuses of a tokenizer, or of a proxy before it, that may be followed by a success. */
    static final Set<Integer> TOKENIZER_STATUSES = Set.of(429, 502, 503);

    /**
     * The same for an object store. S3 answers 409 to a conflict with another request for the same object, and asks
     * clients to retry a request after a 500.
     */
    static final Set<Integer> STORE_STATUSES = Set.of(409, 429, 500, 502, 503, 504);

    private static final int ATTEMPTS = 3;
    private static final long FIRST_WAIT_MILLIS = 100;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private Retry() {}

    /** When a call may be repeated. */
    enum Policy {
        NEVER,
        /** After an answer that says that nothing was done, not after a lost answer. */
        AFTER_REFUSAL,
        /** After such an answer, and after a lost one. */
        ALWAYS
    }

    /** One attempt. */
    interface Attempt<T> {
        Answer<T> send() throws IOException, InterruptedException;
    }

    /**
     * Sends until an answer is final.
     *
     * <p>A client cannot tell a lost answer from a lost request, so a call may take effect twice. The policy says
     * whether that is harmless: a second {@code /detokenize} only takes a second use of a limited grant, but a second
     * {@code /grant/set} would restore the uses that were taken in between.
     *
     * @param retried the statuses that are followed by another attempt
     * @param server for the message of a failure
     * @throws TokenizerException {@link ErrorCode#UNREACHABLE} when no attempt had an answer
     */
    static <T> Answer<T> send(Policy policy, Set<Integer> retried, String server, Attempt<T> attempt) {
        for (int attempts = 1; ; attempts++) {
            boolean last = attempts == ATTEMPTS || policy == Policy.NEVER;
            try {
                Answer<T> answer = attempt.send();
                if (last || !retried.contains(answer.status())) return answer;
                if (answer.body() instanceof Closeable body) body.close();
                pause(attempts, answer.retryAfter());
            } catch (IOException e) {
                if (last || policy == Policy.AFTER_REFUSAL) {
                    throw new TokenizerException(
                            ErrorCode.UNREACHABLE, 0, "There is no answer from " + server + ".", e);
                }
                pause(attempts, "");
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private static void pause(int attempts, String retryAfterSeconds) {
        long bound = FIRST_WAIT_MILLIS << attempts;
        long wait = bound / 2 + ThreadLocalRandom.current().nextLong(bound);
        if (retryAfterSeconds.matches("[0-9]{1,4}")) wait += Long.parseLong(retryAfterSeconds) * 1000;
        try {
            Thread.sleep(Math.min(wait, LONGEST_WAIT.toMillis()));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static TokenizerException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new TokenizerException(ErrorCode.UNREACHABLE, 0, "The thread was interrupted while it waited.", e);
    }
}
