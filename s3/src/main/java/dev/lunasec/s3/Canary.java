package dev.lunasec.s3;

import static software.amazon.awssdk.http.SdkHttpMethod.DELETE;
import static software.amazon.awssdk.http.SdkHttpMethod.GET;
import static software.amazon.awssdk.http.SdkHttpMethod.PUT;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.s3.CanaryResult.SingleUse;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Tests whether a store enforces what the vault needs, because a store that ignores SSE-C or signatures gives no error.
 * It writes one small object under {@link BucketLayout#CANARY}, reads it as a client does and as an attacker would, and
 * deletes it.
 */
public final class Canary {
    private static final Logger log = LoggerFactory.getLogger(Canary.class);
    private static final Duration DEADLINE = Duration.ofSeconds(4);
    /**
     * The statuses with which stores refuse a wrong key or signature. Any other error may pass, and proves no refusal.
     */
    private static final Set<Integer> REFUSALS = Set.of(400, 403, 412);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final CanaryRequests requests;
    private final NameDeletion names;

    public Canary(S3Connection connection) {
        this(connection, DEADLINE);
    }

    /**
     * A canary that reads and writes at another address of the same store.
     *
     * @param elsewhere signs for that address
     */
    public Canary(S3Connection connection, UrlSigner elsewhere) {
        this(connection, elsewhere, DEADLINE);
    }

    /** @param deadline for each request and its whole answer */
    Canary(S3Connection connection, Duration deadline) {
        this(connection, connection.signer(), deadline);
    }

    private Canary(S3Connection connection, UrlSigner signer, Duration deadline) {
        this.requests = new CanaryRequests(connection.http(), signer, deadline);
        this.names = new NameDeletion(connection.s3(), connection.location().bucket());
    }

    /**
     * Runs all checks, with about ten small requests, and ends at the first one that fails. A broken connection proves
     * nothing, because a store may close one after a refusal: after it, all checks run once more.
     */
    public CanaryResult check() {
        try {
            try {
                return check(newKey());
            } catch (IOException | SdkException e) {
                log.debug("The canary runs once more after {}.", e.getClass().getName());
                return check(newKey());
            }
        } catch (CanaryCheckFailed failed) {
            return new CanaryResult(failed.status(), SingleUse.UNKNOWN);
        } catch (IOException | SdkException e) {
            log.debug("The canary failed with {}.", e.getClass().getName());
            return new CanaryResult(StoreStatus.StoreUnreachable, SingleUse.UNKNOWN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new CanaryResult(StoreStatus.StoreUnreachable, SingleUse.UNKNOWN);
        }
    }

    private CanaryResult check(String key) throws IOException, InterruptedException, CanaryCheckFailed {
        SseCustomerKey ours = new SseCustomerKey(random(32));
        SseCustomerKey other = new SseCustomerKey(random(32));
        byte[] content = random(48);
        Map<String, String> putHeaders = new LinkedHashMap<>(ours.headers());
        putHeaders.put("content-length", Integer.toString(content.length));
        putHeaders.put("if-none-match", "*");
        SignedRequest put = requests.sign(PUT, key, putHeaders);

        CanaryRequests.Answer stored = requests.send("PUT", put, put.headers(), content);
        if (stored.status() != 200) throw new CanaryCheckFailed(whyRefused(stored, key, content));
        boolean deleted = false;
        try {
            if (!stored.keyMd5().equals(ours.md5())) throw new CanaryCheckFailed(StoreStatus.SSECIgnored);
            refused(get(key, Map.of()), StoreStatus.SSECIgnored);
            refused(get(key, other.headers()), StoreStatus.SSECIgnored);
            SignedRequest get = requests.sign(GET, key, ours.headers());
            refused(requests.send("GET", get, other.headers(), null), StoreStatus.SignaturesIgnored);
            refused(requests.send("PUT", put, withKey(put, other), content), StoreStatus.SignaturesIgnored);
            refused(
                    requests.send("PUT", put, put.headers(), Arrays.copyOf(content, 40)),
                    StoreStatus.SignaturesIgnored);
            CanaryRequests.Answer read = requests.send("GET", get, get.headers(), null);
            if (read.status() != 200 || !Arrays.equals(read.body(), content))
                throw new CanaryCheckFailed(StoreStatus.StoreFailed);
            SingleUse singleUse = singleUse(requests.send("PUT", put, put.headers(), content));
            StoreStatus deletion = delete(key);
            deleted = deletion == StoreStatus.Ready;
            return new CanaryResult(deletion, singleUse);
        } finally {
            if (!deleted) deletePlainly(key);
        }
    }

    /** Deletes all versions, as an erasure does. A store that gives no answer to that is tested again soon. */
    private StoreStatus delete(String key) throws IOException, InterruptedException {
        try {
            names.delete(key);
        } catch (NameRemains e) {
            return StoreStatus.DeletionDenied;
        } catch (SdkException e) {
            deletePlainly(key);
        }
        return StoreStatus.Ready;
    }

    private void deletePlainly(String key) throws IOException, InterruptedException {
        SignedRequest delete = requests.sign(DELETE, key, Map.of());
        requests.send("DELETE", delete, delete.headers(), null);
    }

    private static Map<String, String> withKey(SignedRequest request, SseCustomerKey key) {
        Map<String, String> headers = new LinkedHashMap<>(request.headers());
        headers.putAll(key.headers());
        return headers;
    }

    private static void refused(CanaryRequests.Answer answer, StoreStatus otherwise) throws CanaryCheckFailed {
        if (answer.status() < 300) throw new CanaryCheckFailed(otherwise);
        if (!REFUSALS.contains(answer.status())) throw new CanaryCheckFailed(StoreStatus.StoreFailed);
    }

    private static SingleUse singleUse(CanaryRequests.Answer second) {
        if (second.status() == 412) return SingleUse.ENFORCED;
        return second.status() < 300 ? SingleUse.IGNORED : SingleUse.UNKNOWN;
    }

    private CanaryRequests.Answer get(String key, Map<String, String> headers)
            throws IOException, InterruptedException {
        SignedRequest get = requests.sign(GET, key, headers);
        return requests.send("GET", get, get.headers(), null);
    }

    /** The store may have refused the account or SSE-C; an upload without SSE-C tells which. */
    private StoreStatus whyRefused(CanaryRequests.Answer answer, String key, byte[] content)
            throws IOException, InterruptedException {
        return switch (answer.code()) {
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken" ->
                StoreStatus.CredentialsRejected;
            case "NoSuchBucket" -> StoreStatus.BucketMissing;
            case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException" ->
                StoreStatus.WrongRegion;
            case "NotImplemented", "InvalidRequest", "InvalidArgument" -> StoreStatus.SSECUnsupported;
            default -> {
                if (answer.status() == 501) yield StoreStatus.SSECUnsupported;
                if (answer.status() != 403) yield StoreStatus.StoreFailed;
                SignedRequest plain =
                        requests.sign(PUT, key, Map.of("content-length", Integer.toString(content.length)));
                int withoutSsec =
                        requests.send("PUT", plain, plain.headers(), content).status();
                if (withoutSsec == 403) yield StoreStatus.AccessDenied;
                if (withoutSsec != 200) yield StoreStatus.StoreFailed;
                deletePlainly(key);
                yield StoreStatus.SSECBlocked;
            }
        };
    }

    private static String newKey() {
        return BucketLayout.canary(HexFormat.of().formatHex(random(16)));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
