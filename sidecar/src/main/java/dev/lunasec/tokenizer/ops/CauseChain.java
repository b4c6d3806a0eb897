package dev.lunasec.tokenizer.ops;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * The causes of a failure, for logs: the class of each cause, and the status and code of a store's answer. It holds no
 * message, because libraries write URLs and keys into theirs.
 */
public final class CauseChain {
    private static final int DEEPEST = 5;

    private CauseChain() {}

    /**
     * The causes, the nearest first.
     *
     * @param cause null for a failure that came before any attempt
     */
    public static String of(@Nullable Throwable cause) {
        StringJoiner chain = new StringJoiner(" by ");
        chain.setEmptyValue("no attempt began in time");
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
