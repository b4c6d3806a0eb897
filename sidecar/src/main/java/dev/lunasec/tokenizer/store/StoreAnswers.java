package dev.lunasec.tokenizer.store;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.NameRemains;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What the failures of calls to the store mean for the caller of the vault. */
final class StoreAnswers {
    private StoreAnswers() {}

    interface Deletion {
        void run() throws NameRemains;
    }

    static <T> T ask(Supplier<T> question) {
        try {
            return question.get();
        } catch (SdkException e) {
            throw unavailable(e);
        }
    }

    static void deleted(Deletion deletion) {
        try {
            deletion.run();
        } catch (NameRemains e) {
            throw new CallFailed(ErrorCode.ERASURE_INCOMPLETE, e.getMessage() + " Allow this vault to delete them.", e);
        } catch (SdkException e) {
            throw unavailable(e);
        }
    }

    /** Whether the object or the version does not exist. */
    static boolean isAbsent(S3Exception e) {
        return e instanceof NoSuchKeyException
                || (e.awsErrorDetails() != null
                        && "NoSuchVersion".equals(e.awsErrorDetails().errorCode()));
    }

    static CallFailed unavailable(Exception cause) {
        return new CallFailed(
                ErrorCode.STORAGE_UNAVAILABLE,
                "The object store can't be reached at the moment; try again soon.",
                cause);
    }
}
