package dev.lunasec.tokenizer.agent;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.runtime.BoundedCall;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What the agent sends again without its application noticing: a call that a tokenizer refused before it looked at it, because it ends
 * or is busy, and one that got not even the beginning of an answer. The latter may have been processed, and then takes effect twice, as
 * with the Java client.
 */
final class AgentRetry {
    /** All tries of one call. */
    static final int TRIES = 3;

    private static final Set<String> NOT_LOOKED_AT =
            Set.of(ErrorCode.STOPPING.code(), ErrorCode.TOO_MANY_REQUESTS.code());
    private static final long FIRST_WAIT_MILLIS = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    private AgentRetry() {}

    /** How long to wait before the next try; null for no other try. */
    static @Nullable Duration after(int tried, HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        if (tried >= TRIES || !ErrorCode.isRetryable(status) || !NOT_LOOKED_AT.contains(reason(answer.body())))
            return null;
        String seconds = answer.headers().firstValue("retry-after").orElse("0");
        return seconds.matches("[0-9]{1,4}") ? pause(tried).plusSeconds(Long.parseLong(seconds)) : pause(tried);
    }

    /** The same for a call that failed. */
    static @Nullable Duration after(int tried, IOException failure) {
        return tried < TRIES && failure instanceof BoundedCall.NoAnswer ? pause(tried) : null;
    }

    /** Random, so that those who were refused together do not come back together. */
    private static Duration pause(int tried) {
        long bound = FIRST_WAIT_MILLIS << tried;
        return Duration.ofMillis(bound / 2 + ThreadLocalRandom.current().nextLong(bound));
    }

    private static String reason(byte[] body) {
        try {
            return JSON.readTree(body).at("/error/name").asText();
        } catch (IOException e) {
            return "";
        }
    }
}
