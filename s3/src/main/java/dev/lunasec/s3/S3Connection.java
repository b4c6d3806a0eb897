package dev.lunasec.s3;

import dev.lunasec.runtime.TrustedAuthorities;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** The clients for one bucket. Every call through them ends within {@link #CALL}, unless it has a time of its own. */
public final class S3Connection implements AutoCloseable {
    /** How long a call to the store may take, retries included. */
    public static final Duration CALL = Duration.ofSeconds(8);

    /** How long one attempt of a call may take, unless it has a time of its own. */
    static final Duration ATTEMPT = Duration.ofSeconds(4);

    /** The most that the time of an attempt may be: a connection may be silent for so long. */
    static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(150);

    private static final Duration CONNECT = Duration.ofSeconds(2);
    /** The most requests to the store at the same time; further ones wait for a connection. */
    public static final int CONNECTIONS = 64;
    /** The most answers over 128 KiB or 4,096 tags that the process reads at the same time; further ones wait. */
    public static final int LARGE_ANSWERS = 4;
    /** The SDK's own default is five threads for each client, which stay. */
    private static final int TIMEOUT_THREADS = 2;

    private static final Duration TIMEOUT_THREADS_STAY = Duration.ofSeconds(10);

    private final StoreLocation location;
    private final AwsCredentialsProvider credentials;
    private final AtomicInteger active = new AtomicInteger();
    private final SdkHttpClient client;
    private final S3Client s3;
    private final HttpClient http;
    private final ScheduledThreadPoolExecutor timeouts = timeouts();

    /**
     * Connects at the first call.
     *
     * @param keys the credentials of the account; null for the identity of the process (the SDK's default chain)
     * @param trustedCa PEM with the only authorities that are trusted; null for those of Java
     * @throws IllegalArgumentException when {@code trustedCa} holds no certificate
     */
    public S3Connection(StoreLocation location, @Nullable AccessKeys keys, @Nullable String trustedCa) {
        this.location = location;
        this.credentials = keys == null
                ? DefaultCredentialsProvider.builder().build()
                : StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey()));
        this.http = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TrustedAuthorities.context(trustedCa))
                .build();
        this.client = new CancellationAwareHttpClient(
                Apache5HttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .connectionAcquisitionTimeout(ATTEMPT)
                        .socketTimeout(LONGEST_ATTEMPT)
                        .maxConnections(CONNECTIONS)
                        .tlsTrustManagersProvider(() -> TrustedAuthorities.managers(trustedCa))
                        .build(),
                active);
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(location.region()))
                .credentialsProvider(credentials)
                .forcePathStyle(location.pathStyleAccess())
                // The SDK's default fails on stores that do not know CRC checksums.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClient(client)
                .overrideConfiguration(c -> c.addExecutionInterceptor(new BoundedAnswers())
                        .scheduledExecutorService(timeouts)
                        .apiCallTimeout(CALL)
                        .apiCallAttemptTimeout(ATTEMPT)
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(2)
                                .build()));
        if (location.endpoint() != null) builder.endpointOverride(location.endpoint());
        this.s3 = new DirectS3(
                builder.build(),
                location.bucket(),
                client,
                new RequestSigner(location, credentials, Clock.systemUTC()),
                timeouts);
    }

    public StoreLocation location() {
        return location;
    }

    public S3Client s3() {
        return s3;
    }

    /** How many requests wait for a connection or for an answer now; over {@link #CONNECTIONS}, some have none. */
    public int activeRequests() {
        return active.get();
    }

    /** How many of the {@link #LARGE_ANSWERS} of all connections of the process are read now. */
    public static int activeLargeAnswers() {
        return BoundedAnswers.activeLargeAnswers();
    }

    /** A signer of URLs with the address of this connection. */
    public UrlSigner signer() {
        return signer(location);
    }

    /** A signer with the same credentials, and with another address of the same store. */
    public UrlSigner signer(StoreLocation elsewhere) {
        return new UrlSigner(elsewhere, credentials);
    }

    /** Sends signed requests, as a client of the vault does. */
    HttpClient http() {
        return http;
    }

    @Override
    public void close() {
        s3.close();
        client.close();
        timeouts.shutdownNow();
        http.close();
    }

    /** Ends calls whose time is over. Its threads end when there was no call for some time. */
    private static ScheduledThreadPoolExecutor timeouts() {
        ScheduledThreadPoolExecutor timeouts = new ScheduledThreadPoolExecutor(
                TIMEOUT_THREADS,
                Thread.ofPlatform().name("store-timeout-", 0).daemon().factory());
        timeouts.setKeepAliveTime(TIMEOUT_THREADS_STAY.toMillis(), TimeUnit.MILLISECONDS);
        timeouts.allowCoreThreadTimeOut(true);
        timeouts.setRemoveOnCancelPolicy(true);
        return timeouts;
    }
}
