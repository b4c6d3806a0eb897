package dev.lunasec.tokenizer.store;

import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Request;

/** A client of the store that has each request checked before it is sent. The caller gets what the check throws. */
final class CheckedS3 extends DelegatingS3Client {
    private final Consumer<S3Request> check;

    CheckedS3(S3Client delegate, Consumer<S3Request> check) {
        super(delegate);
        this.check = check;
    }

    @Override
    protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
        check.accept(request);
        return operation.apply(request);
    }
}
