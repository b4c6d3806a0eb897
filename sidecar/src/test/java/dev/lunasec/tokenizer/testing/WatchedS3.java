package dev.lunasec.tokenizer.testing;

import java.util.function.Function;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * A client of the store that says before and after each request that it makes it; what is thrown there keeps its caller
 * from more.
 */
public final class WatchedS3 extends DelegatingS3Client {
    /** Who is told. */
    public interface Watch {
        /** The request has not reached the store. */
        default void before(S3Request request) {}

        /** The store has done it or refused it, and nobody knows yet. */
        default void after(S3Request request) {}
    }

    private final Watch watch;

    public WatchedS3(S3Client delegate, Watch watch) {
        super(delegate);
        this.watch = watch;
    }

    @Override
    protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
        watch.before(request);
        try {
            return operation.apply(request);
        } finally {
            watch.after(request);
        }
    }
}
