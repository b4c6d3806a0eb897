package dev.lunasec.client;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Tries again what may be tried again: up to three times, with a growing, random wait, or as long as the server asks for. */
final class Retry {
    private static final int TRIES = 3;
    private static final long FIRST_WAIT_MILLIS = 100;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** What a tokenizer answers that may do better soon, or what stands before it. */
    static final Set<Integer> OF_TOKENIZER = Set.of(429, 502, 503);

    /** The same of a store. S3 answers 409 to a conflict with another request for the same object, and asks to try again after a 500. */
    static final Set<Integer> OF_STORE = Set.of(409, 429, 500, 502, 503, 504);

    private Retry() {}

    /** What is tried again. */
    enum Again {
        NOTHING,
        /** An answer that says that nothing was done, and not a lost one. */
        REFUSALS,
        /** That, and whatever has no answer. */
        ALL
    }

    /** One try. */
    interface Send<T> {
        Answer<T> now() throws IOException, InterruptedException;
    }

    /**
     * Sends until there is an answer that is not "try again".
     *
     * <p>A lost answer can't be told from a lost request, so a call may take effect twice. That is harmless but for grants with limited
     * uses: a second {@code /detokenize} takes a second use, and a second {@code /grant/set} gives back what was used in between.
     *
     * @param may what may have a second try
     * @param again the statuses that call for it
     * @throws TokenizerException {@link TokenizerException#UNREACHABLE} when there was no answer
     */
    static <T> Answer<T> send(Again may, Set<Integer> again, String whom, Send<T> send) {
        for (int tried = 1; ; tried++) {
            boolean last = tried == TRIES || may == Again.NOTHING;
            try {
                Answer<T> answer = send.now();
                if (last || !again.contains(answer.status())) return answer;
                if (answer.body() instanceof Closeable body) body.close();
                pause(tried, answer.retryAfter());
            } catch (IOException e) {
                if (last || may == Again.REFUSALS)
                    throw new TokenizerException(
                            TokenizerException.UNREACHABLE, 0, "There is no answer from " + whom + ".", e);
                pause(tried, "");
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private static void pause(int tried, String retryAfterSeconds) {
        long bound = FIRST_WAIT_MILLIS << tried;
        long wait = bound / 2 + ThreadLocalRandom.current().nextLong(bound);
        if (retryAfterSeconds.matches("[0-9]{1,4}")) wait += Long.parseLong(retryAfterSeconds) * 1000;
        try {
            Thread.sleep(Math.min(wait, LONGEST_WAIT.toMillis()));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static TokenizerException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new TokenizerException(
                TokenizerException.UNREACHABLE, 0, "The thread was interrupted while it waited.", e);
    }
}
