package dev.lunasec.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * A client of the store that sends plain requests for one small object itself, through the HTTP client of the SDK,
 * because the SDK takes more processor time than the HTTP request does. The SDK sends all other requests. If a plain
 * request does not get a good answer, the SDK sends it again, within the time that is left, and as often as it sends
 * other requests. So redirects are those of the SDK, and so are the exceptions that a caller gets.
 *
 * <p>The responses to plain requests have the version and the HTTP response, and no other field.
 */
final class DirectS3 extends DelegatingS3Client {
    private static final byte[] NO_CONTENT = {};

    /** In bytes. The SDK puts larger objects. Of the answer to a put and of an error, no more is read. */
    private static final int LARGEST = 64 << 10;

    private final String bucket;
    private final SdkHttpClient http;
    private final RequestSigner signer;
    private final ScheduledExecutorService timeouts;

    /** Reads the answer to a request. */
    private interface Reader<T> {
        /** Returns null if it is no good answer. */
        @Nullable
        T read(SdkHttpResponse answer, AbortableInputStream content) throws Exception;
    }

    /**
     * A client for the objects of one bucket.
     *
     * @param sdk for all other requests and buckets
     * @param timeouts ends requests whose time is over
     */
    DirectS3(S3Client sdk, String bucket, SdkHttpClient http, RequestSigner signer, ScheduledExecutorService timeouts) {
        super(sdk);
        this.bucket = bucket;
        this.http = http;
        this.signer = signer;
        this.timeouts = timeouts;
    }

    @Override
    public <T> T getObject(GetObjectRequest get, ResponseTransformer<GetObjectResponse, T> reader) {
        GetObjectRequest plain = GetObjectRequest.builder()
                .bucket(bucket)
                .key(get.key())
                .versionId(get.versionId())
                .build();
        if (!get.equals(plain) || reader.needsConnectionLeftOpen()) return super.getObject(get, reader);
        long began = System.nanoTime();
        T content = send(
                SdkHttpMethod.GET,
                get.key(),
                get.versionId(),
                null,
                NO_CONTENT,
                (answer, in) -> readObject(answer, in, reader));
        if (content != null) return content;
        return super.getObject(
                get.toBuilder().overrideConfiguration(rest(began)).build(), reader);
    }

    private static <T> @Nullable T readObject(
            SdkHttpResponse answer, AbortableInputStream content, ResponseTransformer<GetObjectResponse, T> reader)
            throws Exception {
        if (answer.statusCode() == 404 && isNoSuchKey(content)) throw noSuchKey();
        if (answer.statusCode() != 200) return null;
        GetObjectResponse.Builder response = GetObjectResponse.builder().versionId(version(answer));
        response.sdkHttpResponse(answer);
        return reader.transform(response.build(), content);
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest put, RequestBody body) {
        PutObjectRequest plain = PutObjectRequest.builder()
                .bucket(bucket)
                .key(put.key())
                .contentType(put.contentType())
                .build();
        boolean small = body.optionalContentLength().orElse(Long.MAX_VALUE) <= LARGEST;
        if (!put.equals(plain) || put.contentType() == null || !small) return super.putObject(put, body);
        long began = System.nanoTime();
        SdkHttpResponse answer =
                send(SdkHttpMethod.PUT, put.key(), null, put.contentType(), bytes(body), DirectS3::successful);
        if (answer == null) {
            return super.putObject(
                    put.toBuilder().overrideConfiguration(rest(began)).build(), body);
        }
        PutObjectResponse.Builder response = PutObjectResponse.builder().versionId(version(answer));
        response.sdkHttpResponse(answer);
        return response.build();
    }

    @Override
    public DeleteObjectResponse deleteObject(DeleteObjectRequest delete) {
        DeleteObjectRequest plain = DeleteObjectRequest.builder()
                .bucket(bucket)
                .key(delete.key())
                .versionId(delete.versionId())
                .build();
        if (!delete.equals(plain)) return super.deleteObject(delete);
        long began = System.nanoTime();
        SdkHttpResponse answer =
                send(SdkHttpMethod.DELETE, delete.key(), delete.versionId(), null, NO_CONTENT, DirectS3::successful);
        if (answer == null) {
            return super.deleteObject(
                    delete.toBuilder().overrideConfiguration(rest(began)).build());
        }
        DeleteObjectResponse.Builder response = DeleteObjectResponse.builder().versionId(version(answer));
        response.sdkHttpResponse(answer);
        return response.build();
    }

    /**
     * Sends a request once.
     *
     * @return what the reader returned; null if there was no good answer in time
     * @throws NoSuchKeyException if the reader throws it
     */
    private <T> @Nullable T send(
            SdkHttpMethod method,
            String key,
            @Nullable String version,
            @Nullable String contentType,
            byte[] content,
            Reader<T> reader) {
        try {
            SdkHttpRequest signed = signer.sign(method, key, version, contentType, content);
            ExecutableHttpRequest request = http.prepareRequest(HttpExecuteRequest.builder()
                    .request(signed)
                    .contentStreamProvider(method == SdkHttpMethod.PUT ? () -> new ByteArrayInputStream(content) : null)
                    .build());
            ScheduledFuture<?> end =
                    timeouts.schedule(request::abort, S3Connection.ATTEMPT.toMillis(), TimeUnit.MILLISECONDS);
            try {
                return readAndClose(request.call(), reader);
            } finally {
                end.cancel(false);
            }
        } catch (NoSuchKeyException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (Exception e) {
            // If it happens again, the SDK throws its own exception.
            return null;
        }
    }

    private static <T> @Nullable T readAndClose(HttpExecuteResponse answer, Reader<T> reader) throws Exception {
        InputStream nothing = new ByteArrayInputStream(NO_CONTENT);
        try (AbortableInputStream content =
                answer.responseBody().orElseGet(() -> AbortableInputStream.create(nothing))) {
            try {
                T read = reader.read(answer.httpResponse(), content);
                if (read == null) content.abort();
                return read;
            } catch (NoSuchKeyException e) {
                throw e;
            } catch (Exception e) {
                // Closing would read the rest.
                content.abort();
                throw e;
            }
        }
    }

    private static @Nullable SdkHttpResponse successful(SdkHttpResponse answer, AbortableInputStream content)
            throws IOException {
        if (!answer.isSuccessful()) return null;
        var unused = small(content);
        return answer;
    }

    private static boolean isNoSuchKey(AbortableInputStream content) throws IOException {
        return new String(small(content), UTF_8).contains("<Code>NoSuchKey</Code>");
    }

    private static byte[] small(AbortableInputStream content) throws IOException {
        byte[] read = content.readNBytes(LARGEST);
        if (read.length == LARGEST) content.abort();
        return read;
    }

    /** Has no stack trace, because a rotation gets one for each record that it moves. */
    private static NoSuchKeyException noSuchKey() {
        return NoSuchKeyException.builder()
                .message("The object does not exist.")
                .statusCode(404)
                .awsErrorDetails(
                        AwsErrorDetails.builder().errorCode("NoSuchKey").build())
                .writableStackTrace(false)
                .build();
    }

    private static @Nullable String version(SdkHttpResponse answer) {
        return answer.firstMatchingHeader("x-amz-version-id").orElse(null);
    }

    private static byte[] bytes(RequestBody body) {
        try (InputStream in = body.contentStreamProvider().newStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What is left of the time of a call.
     *
     * @throws ApiCallTimeoutException if nothing is left
     */
    private static AwsRequestOverrideConfiguration rest(long began) {
        Duration left = S3Connection.CALL.minusNanos(System.nanoTime() - began);
        if (left.toMillis() <= 0) throw ApiCallTimeoutException.create(S3Connection.CALL.toMillis());
        return AwsRequestOverrideConfiguration.builder().apiCallTimeout(left).build();
    }
}
