package dev.lunasec.client;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Tries again what may be tried again: up to three times, with a growing, random wait, or as long as the server asks for. */
final class Retry {
    private static final int TRIES = 3;
    private static final long FIRST_WAIT_MILLIS = 100;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private Retry() {}

    /** One try. */
    interface Send<T> {
        HttpResponse<T> now() throws IOException, InterruptedException;
    }

    /**
     * Sends until there is an answer that is not "try again".
     *
     * @param repeatable whether a second try can do no harm
     * @throws TokenizerException {@link TokenizerException#UNREACHABLE} when there was no answer
     */
    static <T> HttpResponse<T> send(boolean repeatable, String whom, Send<T> send) {
        for (int tried = 1; ; tried++) {
            boolean last = tried == TRIES || !repeatable;
            try {
                HttpResponse<T> answer = send.now();
                boolean again = answer.statusCode() == 429 || answer.statusCode() == 503 || answer.statusCode() == 502;
                if (last || !again) return answer;
                close(answer);
                pause(tried, answer.headers().firstValue("retry-after").orElse(""));
            } catch (IOException e) {
                if (last)
                    throw new TokenizerException(
                            TokenizerException.UNREACHABLE, 0, "There is no answer from " + whom + ".", e);
                pause(tried, "");
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private static void close(HttpResponse<?> answer) throws IOException {
        if (answer.body() instanceof AutoCloseable body) {
            try {
                body.close();
            } catch (Exception e) {
                throw new IOException(e);
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
