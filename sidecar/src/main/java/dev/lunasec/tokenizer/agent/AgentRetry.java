package dev.lunasec.tokenizer.agent;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.failsafe.ExecutionContext;
import dev.failsafe.RetryPolicy;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.runtime.BoundedCall;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Retries calls for the application. The agent retries a call that a tokenizer rejected before it processed it, because
 * it stops or is busy; a call for which there was no connection; and, if the route is {@link AgentRoute#repeatable}, a
 * call without even the beginning of an answer. The tokenizer may have processed such a call, which then takes effect
 * twice.
 */
final class AgentRetry {
    private static final int ATTEMPTS = 3;

    private static final Set<String> NOT_PROCESSED =
            Set.of(ErrorCode.STOPPING.code(), ErrorCode.TOO_MANY_REQUESTS.code());
    private static final long FIRST_WAIT_MILLIS = 100;
    private static final Duration LONGEST_WAIT = Duration.ofMillis(longestWait(ATTEMPTS - 1));
    private static final ObjectMapper JSON = new ObjectMapper();

    private AgentRetry() {}

    /**
     * The retries of one call. A retry whose wait may be longer than what is left is not begun.
     *
     * @param left how much time the call has left
     * @param route the route of the call
     */
    static RetryPolicy<HttpResponse<byte[]>> within(Supplier<Duration> left, AgentRoute route) {
        return RetryPolicy.<HttpResponse<byte[]>>builder()
                .withMaxAttempts(ATTEMPTS)
                .handleIf((answer, failure) -> isRetried(answer, failure, route)
                        && retryAfter(answer).plus(LONGEST_WAIT).compareTo(left.get()) < 0)
                .withDelayFn(AgentRetry::delay)
                .build();
    }

    private static boolean isRetried(
            @Nullable HttpResponse<byte[]> answer, @Nullable Throwable failure, AgentRoute route) {
        if (answer == null) return failure instanceof BoundedCall.NoAnswer && (route.repeatable || unsent(failure));
        return ErrorCode.isRetryable(answer.statusCode()) && NOT_PROCESSED.contains(reason(answer.body()));
    }

    private static boolean unsent(Throwable failure) {
        return failure.getCause() instanceof ConnectException
                || failure.getCause() instanceof HttpConnectTimeoutException;
    }

    /** Random, so that callers who were rejected together do not retry together. */
    private static Duration delay(ExecutionContext<HttpResponse<byte[]>> context) {
        long longest = longestWait(context.getAttemptCount());
        Duration wait = Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 3, longest));
        return wait.plus(retryAfter(context.getLastResult()));
    }

    private static long longestWait(int attempt) {
        return (FIRST_WAIT_MILLIS << attempt) * 3 / 2;
    }

    private static Duration retryAfter(@Nullable HttpResponse<byte[]> answer) {
        if (answer == null) return Duration.ZERO;
        String seconds = answer.headers().firstValue("retry-after").orElse("0");
        return seconds.matches("[0-9]{1,4}") ? Duration.ofSeconds(Long.parseLong(seconds)) : Duration.ZERO;
    }

    private static String reason(byte[] body) {
        try {
            return JSON.readTree(body).at("/error/name").asText();
        } catch (IOException e) {
            return "";
        }
    }
}
