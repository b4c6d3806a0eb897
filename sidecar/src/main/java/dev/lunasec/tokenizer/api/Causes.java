package dev.lunasec.tokenizer.api;

import dev.lunasec.tokenizer.failure.Failed;
import dev.lunasec.tokenizer.failure.Failure;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Says in the log why calls are refused that nobody is to blame for but what the vault depends on, at most once a minute for each
 * failure. Of a cause it names classes, a status and a code, never a text: libraries write URLs and keys into theirs.
 */
final class Causes {
    static final Duration EVERY = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(Causes.class);
    private static final int DEEPEST = 5;

    private final LongSupplier nanoTime;
    private final Map<Failure, Long> told = new EnumMap<>(Failure.class);

    /** @param nanoTime as {@link System#nanoTime()} */
    Causes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void tell(Failed failed) {
        if (due(failed.failure())) log.warn("{}: {}", failed.failure().code(), describe(failed.getCause()));
    }

    private synchronized boolean due(Failure failure) {
        long now = nanoTime.getAsLong();
        Long before = told.get(failure);
        if (before != null && now - before < EVERY.toNanos()) return false;
        told.put(failure, now);
        return true;
    }

    private static String describe(@Nullable Throwable cause) {
        StringJoiner chain = new StringJoiner(" by ");
        chain.setEmptyValue("it did not come to an attempt in time");
        Throwable next = cause;
        for (int depth = 0; next != null && depth < DEEPEST; depth++, next = next.getCause()) {
            String name = next.getClass().getSimpleName();
            chain.add(next instanceof AwsServiceException answer ? name + " " + answered(answer) : name);
        }
        return chain.toString();
    }

    private static String answered(AwsServiceException answer) {
        String code = answer.awsErrorDetails() == null
                ? null
                : answer.awsErrorDetails().errorCode();
        boolean plain = code != null && code.matches("[A-Za-z0-9.]{1,64}");
        return answer.statusCode() + (plain ? " " + code : "");
    }
}
