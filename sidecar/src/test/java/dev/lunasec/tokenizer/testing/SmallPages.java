package dev.lunasec.tokenizer.testing;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * A client of a store that puts fewer names into a page than the usual thousand, as a store may, so that a test needs
 * few objects for a listing of several pages.
 */
public final class SmallPages extends DelegatingS3Client {
    private final int names;

    /** @param names the most names in a page */
    public SmallPages(S3Client delegate, int names) {
        super(delegate);
        this.names = names;
    }

    @Override
    @SuppressWarnings("unchecked") // a copy of a request has the type of the request
    protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
        return operation.apply((T) small(request));
    }

    private S3Request small(S3Request request) {
        return switch (request) {
            case ListObjectsV2Request list -> list.copy(copy -> copy.maxKeys(fewer(list.maxKeys())));
            case ListObjectVersionsRequest list -> list.copy(copy -> copy.maxKeys(fewer(list.maxKeys())));
            default -> request;
        };
    }

    private int fewer(@Nullable Integer asked) {
        return asked == null ? names : Math.min(asked, names);
    }
}
